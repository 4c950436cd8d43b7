import ArgumentParser
import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutReports
import CloseoutVerification
import CloseoutWorkflows

/// What `decide` and `close` have in common: what is looked at, and by what.
struct DecidingOptions: ParsableArguments {
    @OptionGroup var shipped: ArtifactOptions

    @Option(
        help: ArgumentHelp("The release to expect.", valueName: "name@version"),
        transform: releaseArgument)
    var release: Release?

    @OptionGroup var time: AsOfOptions

    @OptionGroup var earlier: EarlierTrustOptions
    @OptionGroup var material: UntrustedCertificateOptions
    @OptionGroup var criteria: CriteriaOptions
    @OptionGroup var retention: RetentionSourceOptions

    /// When the command ends with another code than 0.
    enum FailOn: String, CaseIterable, ExpressibleByArgument {
        case risk, blocked
    }

    @Option(help: "Exit with 10 on accepted risk, or only with 20 when blocked.")
    var failOn: FailOn = .risk

    /// What is read, with a bundle and these files.
    func inputs(_ bundle: [UInt8], _ files: [[UInt8]?]) throws -> CommandInputs {
        CommandInputs(
            bundle: bundle, artifacts: shipped.artifacts,
            files: files + [criteria.file, retention.classesFile] + retention.observations
                + earlier.files
                + (try material.files()))
    }

    /// What a verification is asked before a decision.
    func request(trusting trust: Trust, _ context: Context) throws -> VerificationRequest {
        var request = VerificationRequest(trust: trust, asOf: time.instant(context))
        request.lockWait = context.lockWait
        request.isAsOfGiven = time.asOf != nil
        request.release = release
        request.certificates = try material.load()
        request.artifacts = shipped.request
        return request
    }

    /// What rechecking the decisions is given.
    func recheck(
        _ bundle: [UInt8], by sources: RetentionSources, _ samples: some PolicyReading
    ) throws -> RecheckRequest {
        var recheck = RecheckRequest()
        recheck.criteria = try criteria.given()
        recheck.trustedThen = try earlier.policies(for: [bundle], samples)
        recheck.sources = sources
        return recheck
    }

    /// What the exit code depends on.
    func purpose(_ checked: RecheckedBundle) -> ReportPurpose {
        checked.refusal == nil ? .deciding(acceptsRisk: failOn == .blocked) : .verifying
    }

    /// Ends with the code of a decision.
    func exit(_ decision: Decision) throws {
        let status = ExitStatus(decision.outcome)
        if status == .success || status == .acceptedRisk && failOn == .blocked { return }
        throw status.code
    }
}
