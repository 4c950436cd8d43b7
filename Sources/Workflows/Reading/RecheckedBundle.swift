package import CloseoutBundles
package import CloseoutDecisions
import CloseoutEncodings
package import CloseoutOpenSSL
import CloseoutRecords
package import CloseoutSignatures
package import CloseoutVerification

/// What is given for rechecking the decisions of a bundle, beside what `verify` is asked.
package struct RecheckRequest: Sendable {
    /// The criteria that were named; without any those that the policy pins, where they are at hand.
    package var criteria: Criteria?
    /// Earlier policies, under which recorded decisions are recomputed.
    package var trustedThen: [TrustPolicy] = []
    /// What retention is evaluated with beside what is in force in the log.
    package var sources = RetentionSources()
    /// Whether there must be a recorded decision that recomputes and says that the release is ready.
    package var requiresDecision = false
    /// Whether the manifest is kept, which may be large.
    package var keepsManifest = false

    /// Asks for nothing beside the policy's own demands.
    package init() {}
}

/// Verifies a bundle and rechecks every decision that it has (docs/criteria.md, "Recheck").
///
/// The bundle is opened once, and each of its files; nothing is written.
///
/// - Parameters:
///   - path: A folder, or a packed bundle.
///   - request: What the verification is asked.
///   - recheck: What the recheck is given.
/// - Returns: The report, and what decides on the bundle. What is wrong with it is reported there.
/// - Throws: `WorkflowError` where there is no bundle to look at.
package func verifyBundle(
    at path: [UInt8], _ request: VerificationRequest, _ recheck: RecheckRequest = RecheckRequest()
) async throws(WorkflowError) -> RecheckedBundle {
    do {
        let reader = try await BundleReader(opening: path, waiting: request.lockWait)
        return try await verifyBundle(reader, request, recheck)
    } catch {
        throw WorkflowError(error)
    }
}

/// Verifies a bundle that is open, as the other one does.
///
/// - Parameters:
///   - reader: The bundle.
///   - request: What the verification is asked.
///   - recheck: What the recheck is given.
/// - Returns: The report, and what decides on the bundle.
/// - Throws: `WorkflowError` where it cannot be looked at.
package func verifyBundle(
    _ reader: BundleReader, _ request: VerificationRequest,
    _ recheck: RecheckRequest = RecheckRequest()
) async throws(WorkflowError) -> RecheckedBundle {
    do {
        let isDecidedOn = recheck.criteria != nil || request.trust.policy?.criteria != nil
        return try await RecheckedBundle(
            reader, try await reader.contentsConcurrently(isDecidedOn: isDecidedOn), request,
            recheck)
    } catch {
        throw WorkflowError(error)
    }
}

/// A verified bundle, the recheck of its decisions, and what that took.
package struct RecheckedBundle: Sendable {
    /// The verification.
    package let inspection: Inspection
    /// The verification with the decisions: what is printed.
    package let report: Report
    /// The criteria, where any were given or are pinned and at hand.
    package let criteria: Criteria?
    /// What retention is evaluated with: what is in force in the log, and what was given.
    package let sources: RetentionSources
    private let verifier: Verifier
    /// Verifies as others will, who have no certificates and lists but those of the bundle.
    private let rechecker: Verifier
    private let pinned: SHA256Digest?
    private let policies: EarlierPolicies
    private let attachments: [SHA256Digest: [UInt8]]
    /// What the linked evidence says by itself, where something is decided by criteria.
    let content: EvidenceContents

    init(
        _ reader: BundleReader, _ contents: BundleContents, _ request: VerificationRequest,
        _ given: RecheckRequest
    ) async throws {
        verifier = Verifier(request: request)
        var bare = request
        bare.certificates = UntrustedCertificates()
        rechecker =
            request.certificates == bare.certificates ? verifier : Verifier(request: bare)
        var inspection = try await verifier.inspect(reader, contents, keepingManifest: true)
        pinned = request.trust.policy?.criteria
        let evidence = inspection.report.evidence
        var needed = Recheck.attachmentsNeeded(evidence)
        if let pinned { needed.insert(pinned) }
        attachments = try reader.attachments(needed, of: inspection.contents)
        var earlier = AttachmentReading(
            reader, inspection.contents, most: EarlierPolicies.most)
        policies = try EarlierPolicies(
            of: evidence, under: request.trust.policy, given: given.trustedThen
        ) { try earlier.read($0, limit: $1) }
        let attachments = attachments
        criteria =
            try given.criteria ?? pinned.flatMap { try Criteria.atHand($0, among: attachments) }
        content =
            criteria == nil && evidence?.decisions.isEmpty ?? true
            ? EvidenceContents() : try inspection.evidenceContents()
        if !given.keepsManifest { inspection.dropManifest() }
        self.inspection = inspection
        let recheck = Recheck(
            inspection, verifier: verifier, criteria: criteria, pinned: pinned, under: policies,
            given: given.sources, attachments: attachments, content: content,
            requiresDecision: given.requiresDecision)
        sources = recheck.sources
        report = try await recheck.report()
    }

    /// What a recheck will find of the bundle once it has grown, to whoever has no certificates and
    /// lists but its own.
    ///
    /// - Parameters:
    ///   - contents: The bundle with what is about to be added.
    ///   - added: The bytes of the attachments among that, by digest.
    /// - Returns: The report on it.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    package func rechecked(
        _ contents: BundleContents, with added: [SHA256Digest: [UInt8]]
    ) async throws -> Report {
        let grown = try await rechecker.inspect(
            contents, after: inspection, usingArtifacts: report.comparedArtifacts)
        return try await Recheck(
            grown, verifier: rechecker, criteria: criteria, pinned: pinned, under: policies,
            given: RetentionSources(), attachments: attachments.merging(added) { $1 },
            content: content
        ).report()
    }

    /// The criteria, which a decision cannot do without.
    ///
    /// - Parameter pinned: Those that the policy names, which they must be.
    /// - Returns: The criteria.
    /// - Throws: `WorkflowError` where there are none, or others.
    package func demandedCriteria(pinned: SHA256Digest?) throws(WorkflowError) -> Criteria {
        guard let criteria else {
            throw .refused(
                .usage,
                pinned.map { "the policy pins criteria that are not at hand: sha256:\($0.hex)" }
                    ?? "there are no criteria to decide by",
                hint: "give --criteria FILE, or a profile: "
                    + Profile.names.joined(separator: ", "))
        }
        try demandPinned(criteria, pinned)
        return criteria
    }

    /// What keeps it from being decided on, and why.
    package struct Refusal: Equatable, Sendable {
        /// What it is instead of VERIFIED.
        package let verdict: Verdict
        /// Why.
        package let reason: String
        /// What to do next.
        package let hint: String
    }

    /// Why it is not good enough to decide on; nil where nothing is wrong, and the bundle is VERIFIED.
    package var refusal: Refusal? {
        let verdict = report.integrity
        if verdict != .verified {
            let lacksArtifacts = report.findings.contains {
                $0.id == .artifactGiven && $0.status == .unknown
            }
            return Refusal(
                verdict: verdict, reason: "the bundle is \(verdict.rawValue)",
                hint: verdict == .incomplete && lacksArtifacts
                    ? "give --artifacts DIR with the shipped files"
                    : "the report above says what is wrong")
        }
        let ahead = report.findings.first { $0.id == .decisionAsOf && $0.status == .unknown }
        let failed = report.findings.first { $0.isRequired && $0.status == .fail }
        if report.verdict == .failed {
            return Refusal(
                verdict: .failed,
                reason: "\(failed?.subject ?? "a decision"): \(failed?.reason ?? "it fails")",
                hint: "the report above says what is wrong")
        }
        return ahead.map {
            Refusal(
                verdict: .incomplete, reason: "\($0.subject): \($0.reason)",
                hint: "give a later --as-of, or none")
        }
    }

    /// Confirms that somebody can have decided at the verification time, which is not before anything of the log.
    ///
    /// - Throws: `WorkflowError` that names what is later.
    package func demandTime() throws(WorkflowError) {
        guard let later = report.whatIsLater(than: report.asOf) else { return }
        throw .refused(
            .usage, "nobody can have decided as of \(report.asOf): \(later)",
            hint: "give a later --as-of, or none")
    }
}

/// Refuses other criteria than those that a policy pins.
///
/// - Throws: `WorkflowError` that names both.
package func demandPinned(_ criteria: Criteria, _ pinned: SHA256Digest?) throws(WorkflowError) {
    guard let pinned, pinned != criteria.digest else { return }
    throw .refused(
        .usage,
        "the policy pins criteria sha256:\(pinned.hex), and these are "
            + "sha256:\(criteria.digest.hex)",
        hint: "use the criteria that the policy names")
}
