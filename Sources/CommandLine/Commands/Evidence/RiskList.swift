import ArgumentParser
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutVerification
import CloseoutWorkflows

/// Lists accepted risks (docs/command-line.md, "risk").
struct RiskList: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List accepted risks and their state.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: PolicyOptions

    @Option(
        help: ArgumentHelp("Verify as of this time; default now.", valueName: "instant"),
        transform: instantArgument)
    var asOf: Instant?

    @Option(help: "Output format; json prints one object a line.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let evidence = try await BundleEvidence(
            reading: bundle, policy: try trust.load().policy, at: asOf ?? context.now,
            waiting: context.lockWait)
        let lines = evidence.state.riskLines.map { risk in
            (RiskText.line(risk) + "  \(evidence.path(of: risk.record))", risk.json)
        }
        try context.console.result(printed(lines, as: format))
        evidence.reportWithheld("accepted risks", context.console)
        evidence.reportWithoutPolicy(lines.isEmpty, context.console)
    }
}
