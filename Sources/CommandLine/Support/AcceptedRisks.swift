import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// What a bundle comes to at present under criteria, without a look at the shipped files: on which
/// evidence its findings rest, and which acceptances fit that (docs/criteria.md, "Acceptance").
struct AcceptedRisks {
    let decision: Decision
    let state: EvidenceState

    /// Judges a bundle; nil where no criteria are given or pinned.
    ///
    /// - Throws: `CommandFailure` where other criteria are given than the policy pins.
    init?(
        _ bundle: [UInt8], policy: TrustPolicy, criteria options: CriteriaOptions, at now: Instant,
        waiting wait: LockWait
    ) async throws {
        var trust = Trust()
        trust.policy = policy
        trust.isFile = true
        var request = VerificationRequest(trust: trust, asOf: now)
        request.artifacts = .none
        request.lockWait = wait
        let verifier = Verifier(request: request)
        let reader = try await BundleReader(opening: bundle, waiting: wait)
        let inspection = try await verifier.inspect(reader, try reader.contents())
        let pinned = policy.criteria
        var needed = Recheck.attachmentsNeeded(inspection.report.evidence)
        if let pinned { needed.insert(pinned) }
        let attachments = try reader.attachments(needed, of: inspection.contents)
        guard
            let criteria = try options.given()
                ?? pinned.flatMap({ try Criteria.atHand($0, among: attachments) })
        else { return nil }
        try demandPinned(criteria, pinned)
        let recheck = Recheck(
            inspection, verifier: verifier, criteria: criteria, pinned: pinned,
            given: RetentionSources(), attachments: attachments)
        guard let decision = try recheck.now() else { return nil }
        self.decision = decision
        state = inspection.report.evidence ?? EvidenceState([], asOf: now)
    }

    /// A failure that can be accepted, and the files on which it rests.
    ///
    /// - Throws: `CommandFailure` where there is none of that id.
    func evidence(of finding: String) throws -> [SHA256Digest] {
        let isNamed = { (id: String) in id.utf8.elementsEqual(finding.utf8) }
        for result in decision.results {
            if isNamed(result.id) {
                guard result.status == .fail, result.canBeAccepted else {
                    throw refusal(finding, result)
                }
                return result.evidence
            }
            guard let found = result.findings.first(where: { isNamed($0.id) }) else { continue }
            guard found.status == .fail, result.canBeAccepted else {
                throw refusal(finding, result)
            }
            return Set(found.evidence).sorted()
        }
        throw CommandFailure(
            .usage, "\(finding) is no finding of these criteria as they are judged now",
            hint: "`closeout decide` tells the findings; --evidence FILE names what it rests on")
    }

    private func refusal(_ finding: String, _ result: CriterionResult) -> CommandFailure {
        CommandFailure(
            .usage,
            "\(finding) is \(result.status.rawValue), and only a failure of what is waivable can be "
                + "accepted: \(result.reason)", hint: result.remedy)
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

extension RecordSigningOptions {
    /// What the bundle comes to before it is added to, where it has acceptances and both policy and
    /// criteria are at hand.
    func accepted(
        in bundle: [UInt8], _ evidence: BundleEvidence, _ context: Context
    ) async throws -> AcceptedRisks? {
        guard let policy = evidence.policy,
            evidence.state.acceptances.contains(where: { $0.status == .accepted })
        else { return nil }
        return try await AcceptedRisks(
            bundle, policy: policy, criteria: criteria, at: context.now, waiting: context.lockWait)
    }

    /// Warns of the acceptances that no longer fit what was added to.
    func warnOfLapsed(
        since before: AcceptedRisks?, in bundle: [UInt8], under policy: TrustPolicy?,
        _ context: Context
    ) async throws {
        guard let before, let policy,
            let after = try await AcceptedRisks(
                bundle, policy: policy, criteria: criteria, at: context.now, waiting: context.lockWait)
        else { return }
        let evidence = try await BundleEvidence(
            bundle: bundle, policy: policy, at: context.now, waiting: context.lockWait)
        for (item, now) in after.lapsed(since: before) {
            let finding = printable(Array(item.acceptance.finding.utf8))
            context.console.warning(
                "the acceptance \(evidence.path(of: item.record.digest)) no longer fits: \(finding) "
                    + "now rests on \(now.map(evidence.path).joined(separator: ", "))",
                hint: "closeout risk propose \(shellQuoted(bundle)) --finding \(finding) proposes "
                    + "it anew; it finds the evidence where --trust and --criteria are given")
        }
    }
}
