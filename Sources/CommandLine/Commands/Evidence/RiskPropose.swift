import ArgumentParser
import CloseoutEncodings
import CloseoutRecords
import CloseoutWorkflows

/// Proposes to accept a finding (docs/command-line.md, "risk").
struct RiskPropose: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose",
        abstract: "Propose to accept a finding; the owner of the risk signs.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The id of the finding or criterion.", valueName: "id"),
        transform: nameArgument)
    var finding: String

    @Option(
        help: ArgumentHelp(
            "A file of the bundle on which it rests: its path or digest; seal.json for something "
                + "that is absent. Repeat it for each. Without it the evidence is found by --trust and "
                + "--criteria.", valueName: "file"))
    var evidence: [String] = []

    @Option(
        help: ArgumentHelp("The person who answers for the risk.", valueName: "text"),
        transform: textArgument)
    var owner: String

    @Option(
        help: ArgumentHelp("Why it is accepted.", valueName: "text"), transform: textArgument)
    var reason: String

    @Option(
        help: ArgumentHelp("What is done instead.", valueName: "text"), transform: textArgument)
    var control: String

    @Option(
        help: ArgumentHelp("The change or risk elsewhere.", valueName: "text"),
        transform: textArgument)
    var reference: String

    @Option(
        help: ArgumentHelp("The last instant at which it counts.", valueName: "instant"),
        transform: instantArgument)
    var expires: Instant

    @Option(
        help: ArgumentHelp("When the finding is to be gone.", valueName: "instant"),
        transform: instantArgument)
    var resolveBy: Instant?

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let acceptance = RiskAcceptance.Acceptance(
            finding: finding, owner: owner, reason: reason, compensatingControl: control,
            externalReference: reference, expires: expires, resolveBy: resolveBy)
        var session = try await BundleSession(opening: bundle)
        try context.console.report(
            try await session.proposeRisk(
                acceptance, evidence: evidence.map { Array($0.utf8) },
                supersedes: superseding.names, terms))
    }
}
