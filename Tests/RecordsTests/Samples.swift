import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import Testing

/// An instant given as text.
func at(_ text: String) throws -> Instant {
    try #require(Instant(parsing: Array(text.utf8)))
}

/// The digest of a text, as that of some file.
func digest(_ text: String) throws -> SHA256Digest {
    try SHA256Digest.of(Array(text.utf8))
}

/// A record with the fields that all have in common filled in.
func record(
    _ body: Record.Body, _ links: [(kind: String, file: String)] = [], by: String? = nil,
    visibility: Visibility? = nil
) throws -> Record {
    let visibility = visibility ?? body.kind.defaultVisibility
    return Record(
        header: RecordHeader(
            releaseName: "payments", releaseVersion: "1.4.0", seal: try digest("seal"),
            at: try at("2026-05-02T00:00:00Z"), by: by, visibility: visibility,
            salt: visibility == .restricted ? [UInt8](repeating: 7, count: 32) : nil,
            links: try links.map { RecordLink(kind: $0.kind, digest: try digest($0.file)) }),
        body: body)
}

/// Records of every kind, with and without what they may leave out.
func samples() throws -> [Record] {
    try evidenceSamples() + riskSamples() + deliverySamples() + detailedSamples()
        + computedSamples()
}

private func evidenceSamples() throws -> [Record] {
    let until = try at("2033-06-30T23:59:59Z")
    return [
        try record(
            .archiveSignature(ArchiveSignature(format: "dsse", keyReference: "arn:aws:kms/1")),
            [("signature", "a")]),
        try record(
            .archiveSignature(ArchiveSignature(format: "raw-base64", keyReference: nil)),
            [("signature", "a")], by: "alice", visibility: .public),
        try record(
            .attachment(
                #require(
                    AttachmentDescription(
                        name: Array("test report é\u{202E}.xml".utf8), mediaType: "application/xml")
                )),
            [("attachment", "a")]),
        try record(
            .readiness(
                Readiness(references: [.init(.approval, "CHG-7"), .init(.archiveHealth, "x y")])),
            [("tests", "a"), ("tests", "b"), ("release-record", "c")]),
        try record(.readiness(Readiness(references: [])), [("sbom", "a")], visibility: .restricted),
        try record(
            .readiness(Readiness(references: [], sharedBecause: "one report for both")),
            [("scan", "a")]),
        try record(.readiness(Readiness(references: [.init(.alert, "\u{202E}\n")]))),
        try record(
            .readiness(Readiness(references: [.init(.summary, "frb-1")])), [("source", "a")]),
        try record(
            .retentionRequest(
                RetentionRequest(
                    retentionClass: "regulated", until: until, mode: .compliance,
                    basis: .init(event: "contract-end", occurredAt: try at("2026-06-30T00:00:00Z")),
                    period: "P7Y", reason: "the law demands it")), [("supersedes", "a")]),
        try record(
            .retentionRequest(
                RetentionRequest(
                    retentionClass: "c", until: nil, basis: .init(event: "end", occurredAt: nil),
                    reason: "r"))),
        try record(
            .retentionRequest(
                RetentionRequest(retentionClass: "c", until: until, period: "P1Y6M", reason: "r"))),
        try record(
            .retentionDecision(
                RetentionDecision(.approved, reason: "seen", externalReference: "CASE-1")),
            [("request", "a"), ("supersedes", "b")], visibility: .restricted),
        try record(
            .retentionDecision(RetentionDecision(.denied, reason: nil, externalReference: nil)),
            [("request", "a")]),
        try record(
            .legalHold(
                .place(.init(matter: "2026/17", custodian: "legal", reason: "a claim")))),
        try record(
            .legalHold(.release(.init(matter: "2026/17", reason: "settled"))),
            [("placement", "a")]),
    ]
}

private func riskSamples() throws -> [Record] {
    [
        try record(
            .riskAcceptance(
                .accept(
                    .init(
                        finding: "REL-050", owner: "A. Owner", reason: "r",
                        compensatingControl: "watched", externalReference: "RISK-9",
                        expires: try at("2026-12-31T23:59:59Z"),
                        resolveBy: try at("2026-12-01T00:00:00Z")))),
            [("evidence", "a"), ("evidence", "b"), ("supersedes", "c")]),
        try record(
            .riskAcceptance(
                .accept(
                    .init(
                        finding: "f", owner: "o", reason: "r", compensatingControl: "c",
                        externalReference: "x", expires: try at("2026-12-31T23:59:59Z")))),
            [("evidence", "a")]),
        try record(.riskAcceptance(.revoke(.init(reason: "r"))), [("acceptance", "a")]),
    ]
}

private func deliverySamples() throws -> [Record] {
    let now = try at("2026-05-02T00:00:00Z")
    return [
        try record(
            .delivery(
                DeliveryRecord(
                    delivery: "d-1", event: .closeout, route: "security", provider: "webhook",
                    state: .failed,
                    attempts: [
                        .init(at: now, outcome: .transient, status: 503),
                        .init(at: now, outcome: .unknownOutcome, status: nil),
                    ], commitment: try digest("x"))),
            [("payload", "a"), ("plan", "b"), ("supersedes", "c")]),
        try record(
            .delivery(
                DeliveryRecord(
                    delivery: "d-2", event: .retentionAlert, route: "r", provider: "p",
                    state: .suppressed, attempts: [], reason: "healthy"))),
        try record(
            .retryPlan(
                RetryPlan(entries: [
                    .init(
                        delivery: "d-1", action: .retry, owner: "O. Perator", resolveBy: now,
                        reason: "r", nextAttempts: [now, try #require(now.adding(seconds: 1))]),
                    .init(
                        delivery: "d-2", action: .wait, owner: "o", resolveBy: now, reason: "r"),
                ])), [("delivery", "a"), ("supersedes", "b")]),
        try record(
            .retryRun(
                RetryRun(
                    mode: .dryRun,
                    results: [
                        .init(delivery: "d-1", outcome: .wouldSend),
                        .init(delivery: "d-2", outcome: .skipped),
                    ])), [("plan", "a")]),
        try record(
            .retryRun(
                RetryRun(mode: .live, results: [.init(delivery: "d-1", outcome: .delivered)])),
            [("plan", "a"), ("review", "b"), ("delivery", "c")]),
        try record(
            .retryReview(RetryReview(.approved, reason: "seen")),
            [("run", "a"), ("supersedes", "b")]),
        try record(.retryReview(RetryReview(.denied, reason: nil)), [("run", "a")]),
    ]
}

/// A code of ours.
func code(_ text: String) throws -> EvidenceCode {
    try #require(EvidenceCode(text))
}

/// The key of an installation.
func routeKey(_ byte: UInt8 = 5) throws -> RouteKey {
    try #require(try RouteKey([UInt8](repeating: byte, count: RouteKey.size)))
}

private func detailedSamples() throws -> [Record] {
    let now = try at("2026-05-02T00:00:00Z")
    let later = try #require(now.adding(seconds: 90))
    let tag = try routeKey().tag(of: "https://hooks.example.com/a")
    let host = try digest("host")
    let attempts: [DeliveryRecord.Attempt] = [
        .init(
            at: now, outcome: .transient, status: 429,
            details: .init(
                ended: later, group: 1, code: try code("http.too-many"), retryAfter: 60,
                isSnooze: true)),
        .init(
            at: later, outcome: .unknownOutcome, status: nil,
            details: .init(ended: nil, group: 1, code: try code("interrupted"))),
        .init(
            at: later, outcome: .success, status: 202,
            details: .init(
                ended: later, group: 2, code: try code("http.ok"), assurance: .acceptedUnconfirmed)),
    ]
    let receipts = [
        RedactionRule.url.receipt(), RedactionRule.destination.receipt(host),
        RedactionRule.response.receipt(),
    ].compactMap(\.self)
    return [
        try record(
            .delivery(
                DeliveryRecord(
                    delivery: "d-1", event: .decision, route: "chat", provider: "pagerduty-change",
                    state: .acceptedUnconfirmed, attempts: attempts,
                    details: .init(
                        eventID: "decision-1", routeTag: tag, bodySize: 512,
                        allowed: ["fd00::/8", "10.0.0.0/8"],
                        commitments: [host, try digest("body")], redactions: receipts))),
            [("subject", "a"), ("plan", "b"), ("supersedes", "c")]),
        try record(
            .delivery(
                DeliveryRecord(
                    delivery: "d-2", event: .closeout, route: "r", provider: "slack",
                    state: .suppressed, attempts: [], reason: "route.withdrawn", details: .init()))),
        try record(
            .retryPlan(
                RetryPlan(
                    entries: [
                        .init(
                            delivery: "d-1", action: .retry, owner: "O. Perator", resolveBy: later,
                            reason: "down", nextAttempts: [now, later], lastAttempt: now),
                        .init(
                            delivery: "d-2", action: .wait, owner: "o", resolveBy: now, reason: "r",
                            lastAttempt: now),
                    ], isScheduled: true)), [("delivery", "a"), ("supersedes", "b")]),
        try record(
            .retryRun(
                RetryRun(
                    mode: .dryRun,
                    results: [
                        .init(
                            delivery: "d-1", outcome: .wouldSend,
                            rehearsal: .init(
                                provider: try code("webhook"),
                                headerNames: ["Content-Type", "webhook-id"], bodySize: 512,
                                routeTag: tag, commitments: [host], verdict: .notResolved)),
                        .init(
                            delivery: "d-3", outcome: .wouldSend,
                            rehearsal: .init(
                                provider: try code("syslog"), headerNames: [], bodySize: 9,
                                routeTag: nil, commitments: [], verdict: .allowedByOwner,
                                range: "10.0.0.0/8")),
                        .init(
                            delivery: "d-2", outcome: .skipped,
                            code: try code("address-refused.private")),
                    ], isDetailed: true)), [("plan", "a")]),
        try record(
            .retryRun(
                RetryRun(
                    mode: .live,
                    results: [
                        .init(delivery: "d-1", outcome: .delivered, attempts: 1),
                        .init(
                            delivery: "d-2", outcome: .failed, code: try code("http.gone"),
                            attempts: 2),
                        .init(delivery: "d-3", outcome: .skipped, code: try code("plan.wait")),
                    ], isDetailed: true)),
            [("plan", "a"), ("dry-run", "b"), ("review", "c"), ("delivery", "d")]),
    ]
}

private func computedSamples() throws -> [Record] {
    let now = try at("2026-05-02T00:00:00Z")
    let log = LogPrefix(size: 2, root: try digest("root"))
    return [
        try record(
            .decision(
                ReleaseDecision(
                    rules: .v1, outcome: .blocked, log: log, criteria: try digest("c"),
                    policy: try digest("p"), asOf: now, usedArtifacts: false,
                    results: [.init(id: "C1", status: .unknown, evidence: [])]))),
        try record(
            .decision(
                ReleaseDecision(
                    outcome: .readyWithAcceptedRisk, log: log, criteria: try digest("c"),
                    policy: try digest("p"), asOf: now, usedArtifacts: true,
                    results: [
                        .init(
                            id: "REL-001", status: .pass,
                            evidence: [try digest("b"), try digest("a")], acceptedBy: []),
                        .init(
                            id: "REL-050", status: .fail, evidence: [],
                            acceptedBy: [try digest("d")]),
                    ])), [("summary", "a"), ("health", "b"), ("bundle", "c"), ("supersedes", "d")]),
        try record(
            .closeoutSummary(
                CloseoutSummary(
                    blockers: ["REL-2", "REL-1", "REL-1"], records: 3, attachments: 0, log: log,
                    asOf: now)), [("readiness", "a")]),
        try record(
            .closeoutSummary(
                CloseoutSummary(blockers: [], records: 3, attachments: 0, log: log, asOf: now))),
        try record(
            .retentionHealth(
                RetentionHealth(
                    level: .critical,
                    findings: [
                        .init(
                            id: "rh-1", check: "RH-EXPIRED", object: "payments 1.4.0",
                            severity: .high, status: .fail, reason: "it is over",
                            evidence: [try digest("a")])
                    ],
                    coverage: .init(expected: 2, observed: 1, hashed: 0, skipped: 1), log: log,
                    asOf: now)), [("observations", "a"), ("classes", "b")]),
        try record(
            .artifactBundle(
                ArtifactBundle(
                    log: log,
                    entries: [
                        .init(path: Array("seal.json".utf8), digest: try digest("a")),
                        .init(path: Array("evidence/x.json".utf8), digest: try digest("b")),
                    ])), [("summary", "a"), ("health", "b")]),
    ]
}
