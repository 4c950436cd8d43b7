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
import CloseoutWorkflows

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

    @OptionGroup var trust: PolicyOptions
    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var deciding: DecidingOptions
    @OptionGroup var reports: ReportFileOptions

    @Option(
        help: ArgumentHelp("Who decides; stored as given, not checked.", valueName: "name"),
        transform: textArgument)
    var by: String?

    func execute(_ context: Context) async throws {
        let trusted = try trust.load()
        guard let policy = trusted.policy else {
            throw CommandFailure(
                .usage, "a decision is made under a trust policy, and none is given",
                hint: "give --trust POLICY, or set CLOSEOUT_TRUST")
        }
        let places = try reports.places(
            sparing: deciding.inputs(
                bundle,
                [
                    trust.file, key.file, try logKey.place?.file,
                    logKey.passphrase?.file,
                ]))
        let keys = try logKey.loadKeys(key)
        let signer = try keys.signer
        let given = try deciding.retention.load()
        let terms = CloseTerms(
            AppendOptions(
                now: context.now, policy: policy, logSigner: keys.log, by: by),
            signer: EnvelopeSigner(
                signer, algorithm: try algorithmArgument(algorithm, for: signer.publicKey)),
            files: given.files)
        let request = try deciding.request(trusting: trusted, context)
        let recheck = try deciding.recheck(bundle, by: given.sources, trust)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        let checked = try await session.verify(request, recheck)
        _ = try checked.demandedCriteria(pinned: policy.criteria)
        try demandDecidable(checked, places, context)
        let closed = try await session.close(checked, terms)
        try context.console.receipt(closed.receipt)
        context.console.note(TextReport.decision(closed.report))
        for report in try places.make(closed.report, for: deciding.purpose(checked)) {
            try report.file.write(report.content)
        }
        try deciding.exit(closed.decision)
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
}
