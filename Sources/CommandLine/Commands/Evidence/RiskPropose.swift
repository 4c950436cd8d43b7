import ArgumentParser
import CloseoutEncodings
import CloseoutRecords
import CloseoutWorkflows

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
