import ArgumentParser
import CloseoutWorkflows

/// Ends the acceptance of a risk (docs/command-line.md, "risk").
struct RiskRevoke: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End an acceptance before its time.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The acceptance: its path or digest.")
    var record: String

    @Option(
        help: ArgumentHelp("Why.", valueName: "text"), transform: textArgument)
    var reason: String

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        var session = try await BundleSession(opening: bundle)
        try context.console.report(
            try await session.revokeRisk(
                named: Array(record.utf8), reason: reason, terms))
    }
}
