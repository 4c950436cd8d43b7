import CloseoutEncodings
import CloseoutInterchange
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("Both vocabularies of CAVRA")
struct VocabularyTests {
    private func row(_ id: String, _ result: ImportResult) throws -> ImportResult.Row {
        try #require(result.rows.first { $0.result.id == id })
    }

    @Test("become asserted records of our kinds")
    func records() throws {
        #expect(
            try Packages.verify(Packages.sample).records == [
                .readiness, .retentionRequest, .retentionDecision, .delivery, .delivery, .retryPlan,
                .retryRun, .riskAcceptance,
            ])
        #expect(
            try Packages.verify(Packages.code, beside: [:]).records == [
                .readiness, .legalHold, .retentionRequest, .retentionDecision, .delivery, .delivery,
            ])
    }

    @Test("are claimed beside what is recomputed, and no claim alone makes a criterion pass")
    func columns() throws {
        let sample = try Packages.verify(Packages.sample)
        #expect(sample.claimed == .readyWithAcceptedRisk)
        for (id, claimed, status) in [
            ("C1", "ready, 7 references", CriterionStatus.unknown),
            ("C2", "external_signature_attached, kms-1", .fail),
            ("C3", "closed, 0 blockers", .fail),
            ("C4", "failed", .fail), ("C5", "approved, until 2030-05-31T00:00:00Z", .fail),
            ("C6", "available, 1 file", .pass), ("C7", "warning, 1 finding", .unknown),
            ("C8", "webhook delivered", .unknown),
            ("C9", "retry, dry_run_first, dry run, completed", .fail),
            ("C10", "docs/c.md", .unknown), ("C11", "", .unknown),
        ] {
            let row = try row(id, sample)
            #expect(row.claimed == claimed)
            #expect(row.result.status == status, "\(id) \(row.result.reason)")
            #expect(row.result.acceptances.isEmpty)
        }
        let code = try Packages.verify(Packages.code, beside: [:])
        #expect(code.claimed == nil)
        for (id, claimed) in [
            ("C1", "ready_for_closeout, 6 references"), ("C2", "external_signature_required"),
            ("C3", "closed, 0 blockers"), ("C4", "failed"),
            ("C5", "denied, until 2030-05-31T00:00:00+00:00, held"), ("C6", "1 file"),
            ("C7", "healthy, 0 findings"), ("C8", "webhook delivered"),
            ("C9", "suppress, dry run"), ("C10", ""),
        ] { #expect(try row(id, code).claimed == claimed) }
        #expect(try row("C5", code).result.reason == "retention was denied")
        #expect(try row("C6", code).result.status == .pass)
    }

    @Test("of the code lack what it never writes")
    func findings() throws {
        let found = try Packages.verify(Packages.code, beside: [:]).findings
        #expect(
            found.map(\.id) == [
                .signatureAbsent, .keyAbsent, .evidenceMissing, .planIncomplete, .reviewerAbsent,
                .sectionAbsent,
            ])
        #expect(found.last?.place == "release_decision")
    }

    @Test("may be mixed, as long as nothing is said twice")
    func mixed() throws {
        let mixed = try Packages.replacing(
            #""state": "ready","#, with: #""closeout_state": "ready_for_closeout","#)
        #expect(try row("C1", Packages.verify(mixed)).claimed == "ready_for_closeout, 7 references")
    }

    @Test("are evaluated the same, byte for byte, however often")
    func deterministic() throws {
        for text in [Packages.sample, Packages.code] {
            let (one, other) = (try Packages.verify(text), try Packages.verify(text))
            #expect(one.text(isAsOfGiven: true) == other.text(isAsOfGiven: true))
            #expect(one.json(stored: nil).canonicalBytes == other.json(stored: nil).canonicalBytes)
        }
    }
}

/// Where CAVRA's sample lies: beside the checkout.
private let samplePath = repositoryRoot + "/../shared/cavra/sample-evidence-package.json"

@Suite(
    "The sample that CAVRA publishes",
    .enabled("it does not lie beside the checkout") { fileExists(samplePath) })
struct SampleTests {
    private func verify(asOf: String) throws -> ImportResult {
        try Packages.verify(
            String(decoding: try readFile(samplePath), as: UTF8.self), beside: [:], asOf: asOf)
    }

    private func lines(_ result: ImportResult) -> [String] {
        result.findings.map { "\($0.id.rawValue) \($0.place): \($0.reason)" }
    }

    @Test("is blocked beside its claim, with all that it leaves open")
    func isBlocked() throws {
        let result = try verify(asOf: "2026-11-23T12:00:00Z")
        #expect(result.decision.outcome == .blocked)
        #expect(result.claimed == .readyWithAcceptedRisk)
        #expect(result.decision.obstacles.count == 11)
        let found = lines(result)
        for expected in [
            "signature.absent signed_archive_manifest: says external_signature_attached and holds no "
                + "signature value",
            "key.absent signed_archive_manifest: holds no public key, only the name "
                + "demo-external-kms-key-ref",
            "evidence.missing final_readiness_bundle: refers to no evidence of kind alert",
            "reviewer.absent retry_worker_run: names nobody who reviewed it",
            "acceptance.incomplete release_decision.accepted_risk: has no external reference",
            "acceptance.expired release_decision.accepted_risk.expires_at: expired on 2026-06-07, "
                + "and it is 2026-11-23T12:00:00Z",
            "time.read retention_review.retention_until: 2027-05-31 is a date and no instant: read "
                + "as 2027-05-31T00:00:00Z, the first second of that day in UTC, as CAVRA reads it",
        ] { #expect(found.contains(expected), "\(expected)") }
        #expect(found.count { $0.hasPrefix("file.absent ") } == 3)
        #expect(!found.contains { $0.hasPrefix("field.unread ") })
    }

    @Test("has no expired acceptance as of the day after it was made, and is blocked all the same")
    func earlier() throws {
        let result = try verify(asOf: "2026-06-01T00:00:00Z")
        #expect(result.decision.outcome == .blocked)
        #expect(!lines(result).contains { $0.hasPrefix("acceptance.expired ") })
        #expect(!lines(result).contains { $0.hasPrefix("plan.overdue ") })
    }

    @Test("has an acceptance that counts through the instant as which its date was read")
    func boundary() throws {
        for (asOf, isExpired) in [("2026-06-07T00:00:00Z", false), ("2026-06-07T00:00:01Z", true)] {
            let found = lines(try verify(asOf: asOf))
            #expect(found.contains { $0.hasPrefix("acceptance.expired ") } == isExpired)
        }
    }
}
