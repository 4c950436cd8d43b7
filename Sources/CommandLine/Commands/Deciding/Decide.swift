import ArgumentParser
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutReports
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Decides on a release without writing anything (docs/command-line.md, "decide").
struct Decide: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Decide whether the release is ready, criterion by criterion, with reasons.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var deciding: DecidingOptions

    @OptionGroup var reports: ReportOptions

    func execute(_ context: Context) async throws {
        let places = try reports.files.places(
            sparing: deciding.inputs(bundle, [trust.file] + reports.inputs))
        let signer = try reports.signer()
        let samples = trust.policy
        let trust = try trust.load()
        let pinned = trust.policy?.criteria
        let checked = try await verifyBundle(
            at: bundle, deciding.request(trusting: trust, context),
            deciding.recheck(bundle, by: deciding.retention.load().sources, samples))
        _ = try checked.demandedCriteria(pinned: pinned)
        let report = checked.report
        if checked.refusal == nil { try checked.demandTime() }
        try reports.write(
            report, for: deciding.purpose(checked), signer: signer,
            text: checked.refusal == nil ? TextReport.decision(report) : nil, to: places,
            context.console)
        if let refusal = checked.refusal { throw ExitStatus(refusal.verdict).code }
        guard let decision = report.decision?.now else {
            throw CommandFailure(.internal, "no decision was made")
        }
        try deciding.exit(decision)
    }
}
