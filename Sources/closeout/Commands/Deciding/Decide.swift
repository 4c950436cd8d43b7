import ArgumentParser
import Decisions
import Encodings
import OpenSSL
import Reports
import Signatures
import Verification

/// Decides on a release without writing anything (docs/command-line.md, "decide").
struct Decide: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Tell whether the release is ready, criterion by criterion, and why.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var deciding: DecidingOptions

    @Option(help: "How it is printed.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let trust = try trust.load()
        let pinned = trust.policy?.criteria
        let checked = try await RecheckedBundle(
            bundle, deciding.request(trusting: trust, context), criteria: deciding.criteria,
            given: try deciding.retention.load().sources)
        _ = try checked.demandedCriteria(pinned: pinned)
        let report = checked.report
        if format == .json {
            try context.console.result(report.json.canonicalBytes + [UInt8(ascii: "\n")])
        } else if checked.refusal != nil {
            try context.console.result(TextReport.render(report))
        } else {
            try context.console.result(DecisionText.render(report))
        }
        if let refusal = checked.refusal { throw ExitStatus(refusal).code }
        guard let decision = report.decision?.now else {
            throw CommandFailure(.internal, "no decision was made")
        }
        try deciding.exit(decision)
    }
}
