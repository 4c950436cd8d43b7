import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// A verified bundle, the recheck of its decisions, and what that took.
struct RecheckedBundle {
    let inspection: Inspection
    let report: Report
    let criteria: Criteria?
    /// What retention is judged by: what is in force in the log, and what was given.
    let sources: RetentionSources
    private let verifier: Verifier
    /// Judges as others will, who have no certificates and lists but those of the bundle.
    private let rechecker: Verifier
    private let pinned: SHA256Digest?
    private let policies: EarlierPolicies
    private let attachments: [SHA256Digest: [UInt8]]

    /// Verifies a bundle and rechecks every decision that it has (docs/criteria.md, "Recheck").
    init(
        _ path: [UInt8], _ request: VerificationRequest, criteria options: CriteriaOptions,
        trustedThen: [TrustPolicy] = [], given: RetentionSources = RetentionSources(),
        requiringDecision: Bool = false,
        keepingManifest: Bool = false
    ) async throws {
        verifier = Verifier(request: request)
        var bare = request
        bare.certificates = UntrustedCertificates()
        rechecker =
            request.certificates == bare.certificates ? verifier : Verifier(request: bare)
        inspection = try await verifier.inspect(bundle: path, keepingManifest: keepingManifest)
        pinned = request.trust.policy?.criteria
        let evidence = inspection.report.evidence
        var needed = Recheck.attachmentsNeeded(evidence)
        if let pinned { needed.insert(pinned) }
        attachments = try inspection.bundle.attachments(needed, of: inspection.contents)
        var earlier = AttachmentReading(
            inspection.bundle, inspection.contents, most: EarlierPolicies.most)
        policies = try EarlierPolicies(
            of: evidence, under: request.trust.policy, given: trustedThen
        ) { try earlier.read($0, limit: $1) }
        criteria = try options.criteria(pinned: pinned, among: attachments)
        let recheck = Recheck(
            inspection, verifier: verifier, criteria: criteria, pinned: pinned, under: policies,
            given: given, attachments: attachments, requiresDecision: requiringDecision)
        sources = recheck.sources
        report = try await recheck.report()
    }

    /// What a recheck will tell of the bundle once it has grown, to whoever has no certificates and
    /// lists but its own.
    ///
    /// - Parameters:
    ///   - contents: The bundle with what is about to be added.
    ///   - added: The bytes of the attachments among that, by digest.
    /// - Returns: The report on it.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    func rechecked(
        _ contents: BundleContents, with added: [SHA256Digest: [UInt8]]
    ) async throws -> Report {
        let grown = try await rechecker.inspect(
            contents, after: inspection, usingArtifacts: report.comparedArtifacts)
        return try await Recheck(
            grown, verifier: rechecker, criteria: criteria, pinned: pinned, under: policies,
            given: RetentionSources(), attachments: attachments.merging(added) { $1 }
        ).report()
    }

    /// The criteria, which a decision cannot do without.
    func demandedCriteria(pinned: SHA256Digest?) throws -> Criteria {
        guard let criteria else {
            throw CommandFailure(
                .usage,
                pinned.map { "the policy pins criteria that are not at hand: sha256:\($0.hex)" }
                    ?? "there are no criteria to decide by",
                hint: "give --criteria FILE, or a profile: "
                    + Profile.allCases.map(\.rawValue).joined(separator: ", "))
        }
        try demand(criteria, pinned: pinned)
        return criteria
    }

    /// What keeps it from being decided on, and why.
    struct Refusal {
        let verdict: Verdict
        let reason: String
        /// What to do next.
        let hint: String
    }

    /// Why it is not good enough to decide on; nil where nothing is wrong, and the bundle is VERIFIED.
    var refusal: Refusal? {
        let verdict = report.integrity
        if verdict != .verified {
            let lacksArtifacts = report.findings.contains {
                $0.id == .artifactGiven && $0.status == .unknown
            }
            return Refusal(
                verdict: verdict, reason: "the bundle is \(verdict.rawValue)",
                hint: verdict == .incomplete && lacksArtifacts
                    ? "give --artifacts DIR with the shipped files"
                    : "the report above tells what is wrong")
        }
        let ahead = report.findings.first { $0.id == .decisionAsOf && $0.status == .unknown }
        let failed = report.findings.first { $0.isRequired && $0.status == .fail }
        if report.verdict == .failed {
            return Refusal(
                verdict: .failed,
                reason: "\(failed?.subject ?? "a decision"): \(failed?.reason ?? "it fails")",
                hint: "the report above tells what is wrong")
        }
        return ahead.map {
            Refusal(
                verdict: .incomplete, reason: "\($0.subject): \($0.reason)",
                hint: "give a later --as-of, or none")
        }
    }

    /// Confirms that somebody can have decided at T, which is not before anything of the log.
    func demandTime() throws {
        guard let later = report.whatIsLater(than: report.asOf) else { return }
        throw CommandFailure(
            .usage, "nobody can have decided as of \(report.asOf): \(later)",
            hint: "give a later --as-of, or none")
    }
}
