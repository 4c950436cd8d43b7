import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutWorkflows

/// Unpacks a packed bundle (docs/command-line.md, "unpack").
struct Unpack: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpack",
        abstract: "Unpack a packed bundle into a new folder, verified bytes only.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp("The packed bundle.", valueName: "file"), completion: .file(),
        transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The new folder.", valueName: "dir"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]

    @Option(
        help: ArgumentHelp(
            "Where to write the shipped files, or none; default the new folder.",
            valueName: "dir|none"),
        completion: .file(), transform: pathArgument)
    var artifacts: [UInt8]?

    func execute(_ context: Context) async throws {
        try demandPacked()
        let choice = ArtifactChoice(argument: artifacts)
        try demandOutside(output)
        if case .folder(let path) = choice { try demandOutside(path) }
        try context.console.receipt(
            try await unpackBundle(at: bundle, artifacts: choice, to: output))
    }

    /// Says of what is there and not packed what it is.
    private func demandPacked() throws {
        let kind = try fileStatus(bundle).kind
        guard !isPackedBundle(bundle) else { return }
        if let foreign = foreignFile(at: bundle) {
            throw CommandFailure(
                .missing, "\(printable(bundle)) is \(foreign), and no packed bundle",
                hint: foreign.remedyForBundle)
        }
        throw CommandFailure(
            .missing,
            kind == .directory
                ? "\(printable(bundle)) is a folder, and a packed bundle is one file"
                : "\(printable(bundle)) is no packed bundle")
    }
}
