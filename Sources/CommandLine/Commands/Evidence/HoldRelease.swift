import ArgumentParser
import CloseoutWorkflows

/// Releases a legal hold, which takes two operators (docs/command-line.md, "hold").
struct HoldRelease: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "End a hold; the second operator signs the record of the first.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The name of the matter.", valueName: "name"), transform: nameArgument)
    var matter: String

    @Option(
        help: ArgumentHelp("The reason; the first operator gives it.", valueName: "text"),
        transform: textArgument)
    var reason: String?

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.releaseHold(matter: matter, reason: reason, terms))
    }
}
