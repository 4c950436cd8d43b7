import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// The decision on a bundle at present under criteria, without a look at the shipped files: on which
/// evidence its findings rest, and which acceptances fit that (docs/criteria.md, "Acceptance").
struct AcceptedRisks {
    let decision: Decision
    private let state: EvidenceState
    private let inspection: Inspection
    private let verifier: Verifier
    private let criteria: Criteria
    private let pinned: SHA256Digest?
    private let attachments: [SHA256Digest: [UInt8]]
    private let content: EvidenceContents

    /// Verifies a bundle; nil where no criteria are given or pinned.
    ///
    /// - Throws: `WorkflowError` where other criteria are given than the policy pins.
    init?(
        _ inspection: Inspection, by verifier: Verifier, _ policy: TrustPolicy, _ given: Criteria?
    ) throws {
        let pinned = policy.criteria
        var needed = Recheck.attachmentsNeeded(inspection.report.evidence)
        if let pinned { needed.insert(pinned) }
        let attachments = try inspection.bundle.attachments(needed, of: inspection.contents)
        let criteria = try given ?? pinned.flatMap { try Criteria.atHand($0, among: attachments) }
        guard let criteria else { return nil }
        try demandPinned(criteria, pinned)
        try self.init(
            inspection, verifier, criteria, pinned, attachments,
            try inspection.evidenceContents())
    }

    private init?(
        _ inspection: Inspection, _ verifier: Verifier, _ criteria: Criteria,
        _ pinned: SHA256Digest?, _ attachments: [SHA256Digest: [UInt8]],
        _ content: EvidenceContents
    ) throws {
        let recheck = Recheck(
            inspection, verifier: verifier, criteria: criteria, pinned: pinned,
            given: RetentionSources(), attachments: attachments,
            content: content)
        guard let decision = try recheck.now() else { return nil }
        self.decision = decision
        self.inspection = inspection
        self.verifier = verifier
        self.criteria = criteria
        self.pinned = pinned
        self.attachments = attachments
        self.content = content
        state = inspection.report.evidence ?? EvidenceState([], asOf: inspection.report.asOf)
    }

    /// The same of the bundle as it is now; only what was appended is verified.
    ///
    /// - Parameters:
    ///   - contents: The bundle.
    ///   - files: The evidence that was stored, which is not read again.
    /// - Returns: nil where nothing can be decided any more.
    /// - Throws: What a lower stage throws.
    func grown(
        to contents: BundleContents, with files: [StoredEvidence]
    ) async throws -> AcceptedRisks? {
        let grown = try await verifier.inspect(
            contents, after: inspection, usingArtifacts: false)
        return try AcceptedRisks(
            grown, verifier, criteria, pinned, attachments,
            try grown.evidenceContents(knowing: content, files))
    }

    /// A failure that can be accepted, and the files on which it rests.
    ///
    /// - Throws: `WorkflowError` where there is none of that id.
    func evidence(of finding: String) throws -> [SHA256Digest] {
        let isNamed = { (id: String) in id.utf8.elementsEqual(finding.utf8) }
        for result in decision.results {
            if isNamed(result.id) {
                guard result.status == .fail, result.canBeAccepted else {
                    throw refusal(finding, result.status, result)
                }
                return result.evidence
            }
            guard let found = result.findings.first(where: { isNamed($0.id) }) else { continue }
            guard found.status == .fail, result.canBeAccepted else {
                throw refusal(finding, found.status, result)
            }
            return Set(found.evidence).sorted()
        }
        throw WorkflowError.refused(
            .usage, "\(finding) is no finding of these criteria as they are evaluated now",
            hint: "`closeout decide` lists the findings; --evidence FILE names what it rests on")
    }

    private func refusal(
        _ finding: String, _ status: CriterionStatus, _ result: CriterionResult
    ) -> WorkflowError {
        let words =
            status == .fail
            ? "fails, and by its criterion nobody can accept that"
            : "is \(status.rawValue), and only a failure can be accepted"
        return .refused(.usage, "\(finding) \(words): \(result.reason)", hint: result.remedy)
    }

    /// The acceptances that covered something before and do not fit any more, with the evidence on
    /// which their findings rest now.
    func lapsed(since before: AcceptedRisks) -> [(acceptance: AcceptanceState, now: [SHA256Digest])]
    {
        let used = Set(decision.results.flatMap(\.acceptances).map(\.record))
        let wereUsed = Set(before.decision.results.flatMap(\.acceptances).map(\.record))
        return state.acceptances.compactMap { item in
            guard wereUsed.contains(item.record.digest), !used.contains(item.record.digest),
                item.status == .accepted, let now = try? evidence(of: item.acceptance.finding),
                now != item.evidence
            else { return nil }
            return (item, now)
        }
    }
}

extension AcceptedRisks {
    /// Warns of the acceptances that no longer fit what was added to.
    func warnOfLapsed(
        since before: AcceptedRisks, _ evidence: BundleEvidence, bundle: [UInt8],
        _ receipt: inout Receipt
    ) {
        for (item, now) in lapsed(since: before) {
            let finding = printable(item.acceptance.finding)
            receipt.warn(
                "the acceptance \(evidence.path(of: item.record.digest)) no longer fits: \(finding) "
                    + "now rests on \(now.map(evidence.path).joined(separator: ", "))",
                hint: "closeout risk propose \(shellQuoted(bundle)) --finding \(finding) proposes "
                    + "it anew; it finds the evidence where --trust and --criteria are given")
        }
    }
}

extension BundleSession {
    /// The decision before the bundle is added to, where it has acceptances and both policy and
    /// criteria are at hand.
    mutating func acceptedRisks(
        _ evidence: BundleEvidence, _ terms: RecordTerms
    ) async throws -> AcceptedRisks? {
        guard evidence.state.acceptances.contains(where: { $0.status == .accepted }) else {
            return nil
        }
        return try await acceptedRisks(terms)
    }

    /// The decision now, where both policy and criteria are at hand.
    mutating func acceptedRisks(_ terms: RecordTerms) async throws -> AcceptedRisks? {
        let options = terms.append
        guard let policy = options.policy else { return nil }
        var trust = Trust()
        trust.policy = policy
        trust.isFile = true
        var request = VerificationRequest(trust: trust, asOf: options.now)
        request.artifacts = .none
        let verifier = Verifier(request: request, memory: try signerMemory(options))
        return try AcceptedRisks(
            try await inspection(by: verifier), by: verifier, policy, terms.criteria)
    }

    /// Verifies the bundle as it is on the storage, and keeps its manifest; nothing of it is read twice.
    private mutating func inspection(by verifier: Verifier) async throws -> Inspection {
        let inspection = try await verifier.inspect(
            appending.reader, try appending.contents(hashingAttachments: true),
            knowing: appending.listReadings, keepingManifest: true)
        appending.know(inspection.readings)
        return inspection
    }
}
