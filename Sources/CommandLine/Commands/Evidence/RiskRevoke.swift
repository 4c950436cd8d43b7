import ArgumentParser
import CloseoutRecords

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
        let evidence = try await options.signing.evidence(in: bundle, context)
        let state = try evidence.acceptance(named: record)
        let draft = RecordOptions.Draft(
            body: .riskAcceptance(.revoke(RiskAcceptance.Revocation(reason: reason))),
            links: [RecordLink(kind: RiskAcceptance.link, digest: state.record.digest)])
        try await options.write(draft, to: bundle, evidence, context)
    }
}
