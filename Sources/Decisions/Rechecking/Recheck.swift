import CloseoutBundles
import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords
import CloseoutSignatures
package import CloseoutVerification

/// Recomputes the decisions that a log has, each on the log before it (docs/criteria.md,
/// "Recheck").
package struct Recheck {
    let inspection: Inspection
    let verifier: Verifier
    let criteria: Criteria?
    let pinned: SHA256Digest?
    let requiresDecision: Bool
    /// The policies under which decisions were made before today's.
    let policies: EarlierPolicies
    /// The criteria that those pinned, as far as they are at hand.
    let pinnedThen: [SHA256Digest: Criteria]
    let files: RetentionFiles
    let limits: RecheckLimits
    /// What the linked evidence says by itself.
    let content: EvidenceContents
    /// What retention is verified by at the verification time: what is in force in the log, and what
    /// was given.
    package let sources: RetentionSources

    private var whole: Report { inspection.report }
    var state: EvidenceState { whole.evidence ?? EvidenceState([], asOf: whole.asOf) }

    /// Takes what was found of a bundle, and what the auditor brought along.
    ///
    /// - Parameters:
    ///   - inspection: What was found of the whole bundle.
    ///   - verifier: The verifier that found it.
    ///   - criteria: The criteria that are given, or pinned by the policy and at hand.
    ///   - pinned: The digest of the criteria that the policy pins.
    ///   - policies: The policies under which decisions were made before today's; none by default.
    ///   - given: What retention is to be verified by at the verification time beside what is in
    ///     force in the log.
    ///   - attachments: The bytes of the attachments that `attachmentsNeeded` names.
    ///   - content: What the linked evidence says by itself; by default nothing is known of it.
    ///   - requiresDecision: Whether a decision is demanded that recomputes and is ready.
    ///   - limits: How much of the log may be verified again.
    package init(
        _ inspection: Inspection, verifier: Verifier, criteria: Criteria?, pinned: SHA256Digest?,
        under policies: EarlierPolicies = EarlierPolicies(),
        given: RetentionSources, attachments: [SHA256Digest: [UInt8]],
        content: EvidenceContents = EvidenceContents(), requiresDecision: Bool = false,
        limits: RecheckLimits = RecheckLimits()
    ) {
        self.requiresDecision = requiresDecision
        self.inspection = inspection
        self.verifier = verifier
        self.criteria = criteria
        self.pinned = pinned
        self.limits = limits
        self.content = content
        let report = inspection.report
        self.policies = policies
        pinnedThen = policies.policies.reduce(into: [:]) { all, policy in
            guard let digest = policy.criteria else { return }
            all[digest] = try? Criteria.atHand(digest, among: attachments)
        }
        files = RetentionFiles(of: report.evidence, in: attachments)
        sources = files.inForce(in: report.evidence).adding(given, asOf: report.asOf)
    }

    /// The attachments whose bytes a recheck takes: criteria, retention classes, observations.
    package static func attachmentsNeeded(_ state: EvidenceState?) -> Set<SHA256Digest> {
        var needed = RetentionFiles.named(in: state)
        for record in state?.decisions ?? [] {
            guard case .decision(let decision) = record.body else { continue }
            needed.insert(decision.criteria)
        }
        return needed
    }

    /// The report with what is reported about decisions.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    package func report() async throws -> Report {
        var findings = criteriaFindings + decidedUnderOtherCriteria
        var rechecked: [(decision: RecordedDecision, findings: [Finding])] = []
        let now = try now()
        let index = RecheckIndex(inspection, state.decisions)
        let bases = DecisionBases(self)
        var limits = limits
        for record in state.decisions.reversed() {
            guard case .decision(let decision) = record.body else { continue }
            var one = DecisionRecheck(
                self, record, decision, index, by: bases.basis(of: decision), now: now)
            rechecked.append((try await one.run(within: &limits), one.findings))
        }
        findings += rechecked.reversed().flatMap(\.findings)
        let recorded = rechecked.reversed().map(\.decision)
        findings.append(requirement(recorded))
        let reported = Set(findings.map(\.id))
        for id in CheckID.allCases where id.isAboutDecisions && !reported.contains(id) {
            findings.append(
                Finding(
                    id, .notApplicable, "decisions",
                    recorded.isEmpty
                        ? "the bundle has no decision" : "no decision got this far"))
        }
        return whole.adding(DecisionPart(now: now, recorded: recorded), findings)
    }

    /// The decision on the release at the verification time, on the whole log.
    ///
    /// - Returns: The decision; nil without criteria.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    package func now() throws -> Decision? {
        guard let criteria, let log = try inspection.prefix(inspection.contents.log.size) else {
            return nil
        }
        return decide(
            whole, health: retentionHealth(whole, log: log, by: sources),
            classes: sources.classes?.digest, criteria: criteria, content: content)
    }

    private var criteriaFindings: [Finding] {
        let subject = criteria.map { "criteria \($0.id)" } ?? "criteria"
        var findings: [Finding] = []
        if let criteria {
            findings.append(
                Finding(.criteriaGiven, .pass, subject, "were given or are pinned by the policy"))
            guard let pinned else {
                return findings + [
                    Finding(.criteriaPinned, .notApplicable, subject, "the policy pins none")
                ]
            }
            let isPinned = criteria.digest == pinned
            findings.append(
                Finding(
                    .criteriaPinned, isPinned ? .pass : .fail, subject,
                    isPinned
                        ? "are those that the policy pins"
                        : "are sha256:\(criteria.digest.hex), and the policy pins \(pinned.hex)"))
        } else if let pinned, !state.decisions.isEmpty {
            findings.append(
                Finding(
                    .criteriaGiven, .unknown, subject,
                    "the policy pins criteria that were not given: sha256:\(pinned.hex)",
                    hint: "give --criteria FILE"))
        } else if !state.decisions.isEmpty {
            findings.append(
                Finding(
                    .criteriaGiven, .notApplicable, subject,
                    "none were given, so recorded decisions are shown as asserted"
                        + (pinnedThen.isEmpty
                            ? "" : ", but those under criteria that an earlier policy pinned"),
                    hint: "give --criteria FILE"))
        }
        return findings
    }
}
