import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutWorkflows

/// Packs a bundle into one file (docs/command-line.md, "pack").
struct Pack: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Pack a bundle into one file, reproducibly.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The packed bundle; default NAME-VERSION.closeout.tar.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]?

    @Option(
        help: ArgumentHelp(

            "The folder with the shipped files, to pack them too, or none; default "
                + "those in the bundle.", valueName: "dir|none"),
        completion: .file(), transform: pathArgument)
    var artifacts: [UInt8]?

    func execute(_ context: Context) async throws {
        let choice = ArtifactChoice(argument: artifacts)
        try demandOutside(
            output ?? Array("./".utf8),
            sparing: CommandInputs(bundle: bundle, artifacts: artifacts))
        try context.console.receipt(
            try await packBundle(
                at: bundle, artifacts: choice, to: output, waiting: context.lockWait))
    }
}

extension ArtifactChoice {
    /// Reads `DIR|none` of the command line.
    init(argument: [UInt8]?) {
        self =
            switch argument {
            case nil: .ofBundle
            case Array("none".utf8): .none
            case .some(let path): .folder(path)
            }
    }
}
