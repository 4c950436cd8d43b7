import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutWorkflows

/// Passes on what a bundle holds (docs/command-line.md, "export").
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Export a bundle for others.",
        subcommands: [ExportPublic.self])
}

/// Copies what everyone may see of a bundle.
struct ExportPublic: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "public",
        abstract: "Copy a bundle without its restricted files; the log stays complete.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The new bundle.", valueName: "dir"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]

    func execute(_ context: Context) async throws {
        try demandOutside(output, sparing: CommandInputs(bundle: bundle))
        try context.console.receipt(
            try await exportPublic(bundle: bundle, to: output, waiting: context.lockWait))
    }
}
