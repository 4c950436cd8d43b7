import ArgumentParser
import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutSignatures
import CloseoutVerification

/// Decides on a release and records that (docs/command-line.md, "close").
struct Close: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Decide on the release, sign the decision and record it in the bundle.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(help: ArgumentHelp("The private key that signs the decision.", valueName: "key"))
    var key: SecretSource

    @Option(
        help: ArgumentHelp("The algorithm of --key, if it is an RSA key.", valueName: "name"),
        completion: .algorithms)
    var algorithm: String?

    @OptionGroup var trust: RecordTrustOptions
    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var deciding: DecidingOptions
    @OptionGroup var reports: ReportFileOptions

    @Option(
        help: ArgumentHelp("Who decides; stored as given, not checked.", valueName: "name"),
        transform: textArgument)
    var by: String?

    func execute(_ context: Context) async throws {
        guard let policy = try trust.policy() else {
            throw CommandFailure(
                .usage, "a decision is made under a trust policy, and none is given",
                hint: "give --trust POLICY, or set CLOSEOUT_TRUST")
        }
        let places = try reports.places(
            sparing: deciding.inputs(
                bundle,
                [
                    trust.trust ?? trustFromEnvironment(), key.file, try logKey.place?.file,
                    logKey.passphrase?.file,
                ]))
        let given = try deciding.retention.load()
        let checked = try await RecheckedBundle(
            bundle, deciding.request(trusting: trusted(policy), context),
            criteria: deciding.criteria,
            trustedThen: try deciding.earlier.policies(for: bundle, trust),
            given: given.sources)
        let criteria = try checked.demandedCriteria(pinned: policy.criteria)
        try demandDecidable(checked, places, context)
        try demandTime(checked, context)
        let closing = Closing(
            checked: checked, criteria: criteria, policy: policy, given: given, by: by,
            now: context.now)
        let (decision, recorded, stored) = try await record(closing, context)
        for path in stored { try context.console.result("\(printable(path))\n") }
        let report = checked.report.adding(DecisionPart(now: decision, recorded: recorded), [])
        context.console.note(TextReport.decision(report))
        for report in try places.make(report, for: deciding.purpose(checked)) {
            try report.file.write(report.content)
        }
        try deciding.exit(decision)
    }

    /// Refuses a bundle that is not decided on, once its reports are written.
    private func demandDecidable(
        _ checked: RecheckedBundle, _ places: ReportPlaces, _ context: Context
    ) throws {
        guard let refusal = checked.refusal else { return }
        for report in try places.make(checked.report, for: deciding.purpose(checked)) {
            try report.file.write(report.content)
        }
        try context.console.result(TextReport.brief(checked.report, details: nil))
        throw CommandFailure(
            ExitStatus(refusal.verdict), "nothing was recorded: \(refusal.reason)",
            hint: refusal.hint)
    }

    /// The policy as what is trusted.
    private func trusted(_ policy: TrustPolicy) throws -> Trust {
        var trusted = Trust()
        trusted.policy = policy
        trusted.isFile = true
        trusted.path = try (trust.trust ?? trustFromEnvironment()).flatMap {
            try isPipe($0) ? nil : $0
        }
        return trusted
    }

    /// A decision is not dated back to before anything of its log, nor ahead of the clock.
    private func demandTime(_ checked: RecheckedBundle, _ context: Context) throws {
        try checked.demandTime()
        guard checked.report.asOf <= context.now else {
            throw CommandFailure(
                .usage, "\(checked.report.asOf) has not come yet", hint: "give no --as-of")
        }
    }

    /// Appends everything in one step, once it is sure that a recheck will say the same.
    private func record(
        _ closing: Closing, _ context: Context
    ) async throws -> (decision: Decision, recorded: [RecordedDecision], stored: [[UInt8]]) {
        let key = try logKey.load(key)
        let algorithm = try algorithmArgument(algorithm, for: key.publicKey)
        var appending = try BundleAppending(opening: bundle)
        let (decision, digest) = try closing.append(to: &appending) { record in
            try RecordSignature.signing(record, with: key, algorithm: algorithm)
        }
        let recorded = try await closing.demandRecomputed(
            digest, in: try appending.contents(hashingAttachments: true))
        let stored = try appending.grownLog().entries.dropFirst(appending.log.size).map(\.path)
        try logKey.commit(appending, bundle: bundle, under: closing.policy, context)
        return (decision, recorded, stored)
    }
}
