import ArgumentParser
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutVerification
import CloseoutWorkflows

/// Accepts risks (docs/command-line.md, "risk").
struct RiskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risk", abstract: "Propose, accept, revoke and list accepted risks.",
        subcommands: [RiskPropose.self, RiskAccept.self, RiskRevoke.self, RiskList.self])
}

/// Proposes to accept a finding (docs/command-line.md, "risk").
struct RiskPropose: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose",
        abstract: "Propose to accept a finding; signed by the owner of the risk.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The id of the finding or criterion.", valueName: "id"),
        transform: nameArgument)
    var finding: String

    @Option(
        help: ArgumentHelp(
            "A file of the bundle that the finding is about, by path or digest; "
                + "seal.json if something is absent. Repeatable. Without it the evidence is "
                + "determined from --trust and --criteria.", valueName: "file"))
    var evidence: [String] = []

    @Option(
        help: ArgumentHelp("The person responsible for the risk.", valueName: "text"),
        transform: textArgument)
    var owner: String

    @Option(
        help: ArgumentHelp("The reason for accepting it.", valueName: "text"),
        transform: textArgument)
    var reason: String

    @Option(
        help: ArgumentHelp("The compensating control.", valueName: "text"), transform: textArgument)
    var control: String

    @Option(
        help: ArgumentHelp("The change or risk number in another system.", valueName: "text"),
        transform: textArgument)
    var reference: String

    @Option(
        help: ArgumentHelp("The end of the acceptance.", valueName: "instant"),
        transform: instantArgument)
    var expires: Instant

    @Option(
        help: ArgumentHelp("When the finding must be resolved.", valueName: "instant"),
        transform: instantArgument)
    var resolveBy: Instant?

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let acceptance = RiskAcceptance.Acceptance(
            finding: finding, owner: owner, reason: reason, compensatingControl: control,
            externalReference: reference, expires: expires, resolveBy: resolveBy)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.proposeRisk(
                acceptance, evidence: evidence.map { Array($0.utf8) },
                supersedes: superseding.names, terms))
    }
}

/// Accepts what the owner of a risk proposed (docs/command-line.md, "risk").
struct RiskAccept: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Sign a proposed risk acceptance as the second person.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The risk acceptance, by path or digest; needed if several are proposed.")
    var record: String?

    @OptionGroup var signing: RecordSigningOptions

    func execute(_ context: Context) async throws {
        let terms = try signing.terms(context)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.acceptRisk(named: record.map { Array($0.utf8) }, terms))
    }
}

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

/// Lists accepted risks (docs/command-line.md, "risk").
struct RiskList: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List accepted risks and their state.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: PolicyOptions

    @OptionGroup var time: AsOfOptions

    @Option(help: "Output format; json prints one object a line.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let evidence = try await BundleEvidence(
            reading: bundle, policy: try trust.load().policy, at: time.instant(context),
            waiting: context.lockWait)
        let lines = evidence.state.riskLines.map { risk in
            (RiskText.line(risk) + "  \(evidence.path(of: risk.record))", risk.json)
        }
        try context.console.result(printed(lines, as: format))
        evidence.reportWithheld("accepted risks", context.console)
        evidence.reportWithoutPolicy(lines.isEmpty, context.console)
    }
}
