import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import Testing

/// The instant at which a decision was made that reports tell of.
let decidedAt = "2026-10-01T08:00:00Z"

/// A decision of the log, as recomputing it came out.
func recorded(
    _ outcome: ReleaseOutcome = .readyForRelease, _ status: CheckStatus = .pass,
    by operators: [String] = ["dora"], reason: String = "recomputed on its log",
    hint: String? = nil, byPresentRules: ReleaseOutcome? = nil
) throws -> RecordedDecision {
    RecordedDecision(
        path: "evidence/d.json", digest: try SHA256Digest.of(Array("\(outcome)".utf8)),
        outcome: outcome, asOf: try instant(decidedAt), rules: "decide/v1",
        byPresentRules: byPresentRules, operators: operators, status: status, reason: reason,
        hint: hint,
        sinceThen: [
            .init(subject: "C4", was: "pass", now: "fail", reason: "the reason of C4")
        ])
}

/// A bundle whose release was decided on in October, and would be blocked now.
func onceReadyReport(
    _ decision: RecordedDecision? = nil, asOfGiven: Bool = false, evidence: EvidenceState? = nil
) throws -> Report {
    let now = try #require(blockedReport().decision?.now)
    return try report(asOfGiven: asOfGiven, evidence: evidence)
        .adding(DecisionPart(now: now, recorded: [try decision ?? recorded()]), [])
}

/// The state of a bundle in which one risk is accepted, whose every text is given.
func acceptedRisk(
    owner: String = "Ada Example", reason: String = "no time", control: String = "watched",
    reference: String = "CHG-17", approvers: [String] = ["bob"]
) throws -> EvidenceState {
    let body = RiskAcceptance.accept(
        .init(
            finding: "C4", owner: owner, reason: reason, compensatingControl: control,
            externalReference: reference, expires: try instant("2027-01-01T00:00:00Z")))
    let digest = try SHA256Digest.of([])
    let record = Record(
        header: RecordHeader(
            releaseName: "payments", releaseVersion: "1.4.0", seal: digest,
            at: try instant(), by: nil, visibility: .restricted, salt: digest.bytes,
            links: [RecordLink(kind: RiskAcceptance.evidence, digest: digest)]),
        body: .riskAcceptance(body))
    let approving = Dictionary(uniqueKeysWithValues: approvers.map { ($0, 6) })
    let signers = RecordSigners(
        counted: [.riskOwner: ["alice": 5], .riskApprover: approving],
        thresholds: [.riskOwner: 1, .riskApprover: 1],
        known: approving.merging(["alice": 5]) { $1 }, entries: [5, 6])
    return EvidenceState(
        [SignedRecord(digest: try record.id, sequence: 4, record: record, signers: signers)],
        asOf: try instant())
}

/// An instant that is written out.
func instant(_ text: String) throws -> Instant {
    try #require(Instant(parsing: Array(text.utf8)))
}
