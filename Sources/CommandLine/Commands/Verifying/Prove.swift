import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutVerification
import CloseoutWorkflows

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
        let wait = context.lockWait
        let receipt =
            if let path {
                try await writeProof(of: path, in: bundle, to: output, waiting: wait)
            } else {
                try await writeProofs(ofAllIn: bundle, to: output, waiting: wait)
            }
        try context.console.receipt(receipt)
    }
}
