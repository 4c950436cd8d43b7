import ArgumentParser
import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Tells how it stands with retention (docs/command-line.md, "retention").
struct RetentionHealthCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Report the state of retention; nothing is written.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var material: UntrustedCertificateOptions
    @OptionGroup var retention: RetentionSourceOptions

    @Option(
        help: ArgumentHelp("Verify as of this time; default now.", valueName: "instant"),
        transform: instantArgument)
    var asOf: Instant?

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        var request = VerificationRequest(trust: try trust.load(), asOf: asOf ?? context.now)
        request.lockWait = context.lockWait
        request.isAsOfGiven = asOf != nil
        request.artifacts = .none
        request.certificates = try material.load()
        let reader = try await BundleReader(opening: bundle, waiting: context.lockWait)
        let inspection = try await Verifier(request: request).inspect(
            reader, try reader.contents())
        guard let log = try inspection.prefix(inspection.contents.log.size) else {
            throw CommandFailure(.malformed, "\(printable(bundle)) has no log that can be read")
        }
        let evidence = inspection.report.evidence
        let files = RetentionFiles(
            of: evidence, in: try reader.attachments(
                RetentionFiles.named(in: evidence), of: inspection.contents))
        let sources = files.inForce(in: evidence).adding(
            try retention.load().sources, asOf: request.asOf)
        let health = retentionHealth(inspection.report, log: log, by: sources)
        switch format {
        case .json:
            let json = JSON.object(health.members)
            try context.console.result(json)
        case .text: try context.console.result(Self.text(health, inspection.report))
        }
        guard inspection.report.integrity == .verified else {
            throw ExitStatus(inspection.report.integrity).code
        }
        switch health.level {
        case .healthy, .warning: return
        case .critical: throw ExitStatus.failed.code
        case .unknown: throw ExitStatus.incomplete.code
        }
    }

    private static func text(_ health: RetentionHealth, _ report: Report) -> String {
        let coverage = health.coverage
        var lines = [
            "\(health.level.rawValue) · \(coverage.observed) of \(coverage.expected) objects "
                + "observed, \(coverage.hashed) hashed, \(coverage.skipped) skipped · "
                + "as of \(health.asOf)",
            report.headline,
        ]
        for finding in health.findings {
            let canAccept = HealthCheck(rawValue: finding.check)?.isWaivable ?? false
            lines += [
                "",
                "  \(finding.check)  \(finding.severity.rawValue)  \(CheckStatus(finding.status).words)  "
                    + "\(finding.object): \(finding.reason)",
                "    id \(finding.id)" + (canAccept ? "" : ", which nobody can accept"),
                "    evidence " + finding.evidence.map(\.hex).joined(separator: ", "),
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
