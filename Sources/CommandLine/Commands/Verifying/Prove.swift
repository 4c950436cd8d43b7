import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutVerification

/// Writes the proof of one file, or of all (docs/command-line.md, "prove").
struct Prove: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write an inclusion proof, to verify one file without the bundle.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The file's path in the release.", completion: .file(), transform: pathArgument)
    var path: [UInt8]?

    @Flag(help: "Write a proof for every entry, into a folder.")
    var all = false

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The proof, or with --all the folder, to write.", valueName: "file|dir"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]

    func validate() throws {
        guard (path == nil) == all else {
            throw ValidationError("name the PATH of one file, or give --all")
        }
    }

    func execute(_ context: Context) async throws {
        try demandOutside(output, sparing: CommandInputs(bundle: bundle))
        let maker = try await ProofMaker(bundle: bundle)
        let target = try BundleTarget(output)
        if let path {
            guard let index = maker.index(of: path), let proof = try maker.proof(at: index) else {
                throw CommandFailure(
                    .missing, "the release has no entry \(printable(path))",
                    hint: "`closeout show \(shellQuoted(bundle)) --files` lists them")
            }
            let parent = try Directory.openParent(ofNew: output)
            try parent.write(new: target.name, proof.canonicalBytes)
            try parent.sync()
            try context.console.result("\(printable(output))\n")
            return
        }
        try writeAll(maker, target)
        try context.console.result("\(printable(output))\n")
        context.console.note(counted(maker.count, "proof"))
    }

    /// Writes all proofs into a new folder, which appears when it is whole.
    private func writeAll(_ maker: ProofMaker, _ target: BundleTarget) throws {
        var folder = try TemporaryFolder(for: target)
        for index in 0..<maker.count {
            guard let proof = try maker.proof(at: index) else { continue }
            let digits = String(index)
            let name = String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
            try folder.root.write(
                new: Array("\(name).closeout-proof".utf8), proof.canonicalBytes)
        }
        try folder.root.sync()
        try folder.place()
        try folder.parent.sync()
    }
}
