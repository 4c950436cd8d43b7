import ArgumentParser
import CloseoutWorkflows

/// Clears what an interrupted command left (docs/command-line.md, "repair").
struct Repair: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Remove leftovers of an interrupted command; nothing signed is deleted.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    func execute(_ context: Context) async throws {
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(try await session.repair())
    }
}
