import ArgumentParser
import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Asks for retention, and decides on it (docs/command-line.md, "retention").
struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Request retention of evidence, and approve or deny it.",
        subcommands: [
            RetentionAsk.self, RetentionApprove.self, RetentionDeny.self,
            RetentionHealthCommand.self,
        ])
}

extension RetentionRequest.Mode: ExpressibleByArgument {}

/// Asks for retention (docs/command-line.md, "retention").
struct RetentionAsk: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Request that the evidence is kept until a given time.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        name: .customLong("class"), help: ArgumentHelp("The retention class.", valueName: "name"),
        transform: nameArgument)
    var retentionClass: String

    @Option(
        help: ArgumentHelp("The end of the retention.", valueName: "instant"),
        transform: instantArgument)
    var until: Instant?

    @Option(
        help: ArgumentHelp("Retention mode: none, governance or compliance.", valueName: "mode"))
    var mode: RetentionRequest.Mode?

    @Option(
        help: ArgumentHelp("The event that starts the retention period.", valueName: "name"),
        transform: nameArgument)
    var event: String?

    @Option(
        help: ArgumentHelp("When the event happened.", valueName: "instant"),
        transform: instantArgument)
    var occurredAt: Instant?

    @Option(
        help: ArgumentHelp(
            "The period that --until was computed from, such as P7Y.", valueName: "period"),
        transform: periodArgument)
    var period: String?

    @Option(
        help: ArgumentHelp("The reason for keeping it.", valueName: "text"), transform: textArgument
    )
    var reason: String

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func validate() throws {
        if occurredAt != nil, event == nil {
            throw ValidationError("--occurred-at is about --event")
        }
        guard (until == nil) == (event != nil && occurredAt == nil) else {
            throw ValidationError(
                "give --until INSTANT, or --event NAME alone as long as it has not happened")
        }
    }

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let request = RetentionRequest(
            retentionClass: retentionClass, until: until, mode: mode,
            basis: event.map { RetentionRequest.Basis(event: $0, occurredAt: occurredAt) },
            period: period, reason: reason)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.requestRetention(
                request, supersedes: superseding.names, terms))
    }
}

/// Approves a request for retention (docs/command-line.md, "retention").
struct RetentionApprove: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a request for retention.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var deciding: RetentionDecidingOptions

    func execute(_ context: Context) async throws {
        try await deciding.decide(.approved, context)
    }
}

/// Denies a request for retention (docs/command-line.md, "retention").
struct RetentionDeny: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Deny a request for retention.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var deciding: RetentionDecidingOptions

    func execute(_ context: Context) async throws {
        try await deciding.decide(.denied, context)
    }
}

/// What both decisions take.
struct RetentionDecidingOptions: ParsableArguments {
    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp(
            "The request, by path or digest; needed if there are several.",
            valueName: "record"))
    var request: String?

    @Option(
        help: ArgumentHelp("The reason.", valueName: "text"), transform: textArgument)
    var reason: String?

    @Option(
        help: ArgumentHelp(
            "A case number in another system; makes the record restricted.", valueName: "text"),
        transform: textArgument)
    var reference: String?

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func decide(_ decision: Approval, _ context: Context) async throws {
        let terms = try options.terms(context)
        let decision = RetentionDecision(
            decision, reason: reason, externalReference: reference)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.decideRetention(
                decision, request: request.map { Array($0.utf8) },
                supersedes: superseding.names, terms))
    }
}

/// Reports the state of retention (docs/command-line.md, "retention").
struct RetentionHealthCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Report the state of retention; nothing is written.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var material: UntrustedCertificateOptions
    @OptionGroup var retention: RetentionSourceOptions

    @OptionGroup var time: AsOfOptions

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        var request = VerificationRequest(trust: try trust.load(), asOf: time.instant(context))
        request.lockWait = context.lockWait
        request.isAsOfGiven = time.asOf != nil
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
            of: evidence,
            in: try reader.attachments(
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
                "    id \(finding.id)" + (canAccept ? "" : " (cannot be waived)"),
                "    evidence " + finding.evidence.map(\.hex).joined(separator: ", "),
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
