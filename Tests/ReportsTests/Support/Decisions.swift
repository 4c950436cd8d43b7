import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import Testing

/// One criterion as it came out.
func criterion(
    _ id: String, _ status: CriterionStatus, accepted: Bool = false, text: String? = nil
) throws -> CriterionResult {
    let evidence = try SHA256Digest.of(Array(id.utf8))
    let acceptance = CriterionResult.Acceptance(
        record: try SHA256Digest.of(Array("acceptance of \(id)".utf8)), finding: id,
        expires: try #require(Instant(parsing: Array("2027-01-01T00:00:00Z".utf8))))
    return CriterionResult(
        id: id, title: text ?? "the title of \(id)", check: "delivery.settled", severity: .medium,
        isWaivable: true, mapsTo: [], status: status, reason: text ?? "the reason of \(id)",
        evidence: [evidence], findings: [], acceptances: accepted ? [acceptance] : [],
        canBeAccepted: status == .fail,
        remedy: status == .pass ? nil : text ?? "the remedy of \(id)")
}

/// A report on a good bundle with a decision on its release.
func decided(
    _ outcome: ReleaseOutcome, _ results: [CriterionResult], on findings: [Finding] = []
) throws -> Report {
    let plain = try report(findings)
    let ids = results.filter { $0.status != .pass }.map(\.id).joined(separator: ", ")
    let decision = Decision(
        outcome: outcome, reason: "it came to \(ids)",
        criteria: .init(id: "final", version: 3, digest: try SHA256Digest.of([1])),
        results: results, notes: [], asOf: plain.asOf, usedArtifacts: true)
    return plain.adding(DecisionPart(now: decision, recorded: []), [])
}

/// The release is ready, and a risk is accepted.
func acceptedReport() throws -> Report {
    try decided(
        .readyWithAcceptedRisk,
        [
            try criterion("C1", .pass), try criterion("C4", .fail, accepted: true),
            try criterion("C9", .notApplicable),
        ])
}

/// The release is blocked by what fails and by what is unknown.
func blockedReport() throws -> Report {
    try decided(
        .blocked,
        [
            try criterion("C1", .pass), try criterion("C4", .fail),
            try criterion("x:5/a@b+c", .unknown), try criterion("C6", .fail, accepted: true),
        ])
}

/// Every criterion is fulfilled.
func readyReport() throws -> Report {
    try decided(
        .readyForRelease, [try criterion("C1", .pass), try criterion("C9", .notApplicable)])
}

/// Criteria whose every text is hostile.
func hostileDecision() throws -> Report {
    try decided(
        .blocked,
        try hostileTexts.enumerated().map { index, text in
            try criterion("H\(index)", .fail, accepted: index.isMultiple(of: 2), text: text)
        })
}

/// Reports with a decision of every outcome.
func decidedReports() throws -> [Report] {
    let hostile = try hostileTexts.prefix(4).map { text in
        try onceReadyReport(
            recorded(by: [text], reason: text),
            evidence: acceptedRisk(owner: text, reason: text, control: text, reference: text))
    }
    return [
        try acceptedReport(), try blockedReport(), try readyReport(), try hostileDecision(),
        try onceReadyReport(evidence: acceptedRisk()),
        try onceReadyReport(recorded(.readyForRelease, .notApplicable, by: [])),
    ] + hostile
}

/// A time at which everything here is.
func instant() throws -> Instant {
    try #require(Instant(parsing: Array("2026-11-23T12:00:00Z".utf8)))
}

/// A record that refers to evidence.
func evidenceRecord() throws -> SignedRecord {
    let record = Record(
        header: RecordHeader(
            releaseName: "payments", releaseVersion: "1.4.0", seal: try SHA256Digest.of([]),
            at: try instant(), by: nil, visibility: .public, salt: nil, links: []),
        body: .readiness(Readiness(references: [.init(.tests, "JOB-7")])))
    return SignedRecord(
        digest: try record.id, sequence: 4, record: record,
        signers: .nobody)
}
