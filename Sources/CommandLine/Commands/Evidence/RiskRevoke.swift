import ArgumentParser
import CloseoutWorkflows

/// Ends the acceptance of a risk (docs/command-line.md, "risk").
struct RiskRevoke: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a risk acceptance.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The risk acceptance, by path or digest.")
    var record: String

    @Option(
        help: ArgumentHelp("The reason.", valueName: "text"), transform: textArgument)
    var reason: String

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.revokeRisk(
                named: Array(record.utf8), reason: reason, terms))
    }
}
