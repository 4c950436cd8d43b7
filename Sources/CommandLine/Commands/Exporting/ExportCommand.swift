import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutWorkflows

/// Passes on what a bundle holds (docs/command-line.md, "export").
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Pass a bundle on in another form.",
        subcommands: [ExportPublic.self])
}

/// Copies what everyone may see of a bundle.
struct ExportPublic: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "public",
        abstract: "Copy a bundle without what only some may see; its log stays whole.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The new bundle.", valueName: "dir"),
        transform: pathArgument)
    var output: [UInt8]

    func execute(_ context: Context) async throws {
        try demandOutside(output, sparing: CommandInputs(bundle: bundle))
        try context.console.receipt(
            try await exportPublic(bundle: bundle, to: output, waiting: context.lockWait))
    }
}
