import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords

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
        let present = try options.signing.evidence(in: bundle, context)
        guard expires >= context.now else {
            throw CommandFailure(
                .usage, "--expires \(expires) is past, so that it would never count",
                hint: "give a later instant")
        }
        let undoing = try superseding.links(
            in: present, undoing: present.state.revocations(of: finding),
            "the acceptance of \(finding) was revoked")
        let acceptance = RiskAcceptance.Acceptance(
            finding: finding, owner: owner, reason: reason, compensatingControl: control,
            externalReference: reference, expires: expires, resolveBy: resolveBy)
        let rested =
            try evidence.isEmpty
            ? await found(present, context)
            : evidence.map { try present.entry(named: Array($0.utf8)).digest }
        let links = rested.map { RecordLink(kind: RiskAcceptance.evidence, digest: $0) }
        try await options.write(
            RecordOptions.Draft(
                body: .riskAcceptance(.accept(acceptance)),
                links: links + undoing),
            to: bundle, present, context)
    }

    /// The evidence on which the finding rests now, which is reported.
    private func found(
        _ present: BundleEvidence, _ context: Context
    ) async throws -> [SHA256Digest] {
        let signing = options.signing
        guard let policy = try signing.trust.policy(),
            let risks = try await AcceptedRisks(
                bundle, policy: policy, criteria: signing.criteria, at: context.now)
        else {
            throw CommandFailure(
                .usage, "it does not say on which evidence the finding rests",
                hint: "give --evidence FILE for each, or --trust POLICY and --criteria FILE to "
                    + "have it found")
        }
        let evidence = try risks.evidence(of: finding)
        context.console.note(
            "\(finding) rests on \(evidence.map(present.path).joined(separator: ", "))")
        return evidence
    }
}
