import CloseoutInterchange
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

/// One finding, and a change of a package by which it appears or goes away.
struct FindingRow: Sendable, CustomTestStringConvertible {
    let id: ImportFinding.ID
    let old: String
    let new: String
    var asOf = "2026-06-01T00:00:00Z"
    /// Whether it is there before the change, and goes away by it.
    var isThere = false

    var testDescription: String { "\(id.rawValue): \(new)" }

    init(
        _ id: ImportFinding.ID, _ old: String, _ new: String, asOf: String? = nil,
        isThere: Bool = false
    ) {
        self.id = id
        self.old = old
        self.new = new
        self.asOf = asOf ?? "2026-06-01T00:00:00Z"
        self.isThere = isThere
    }

    static let all = [
        FindingRow(.signatureAbsent, #""signature": "c2lnbmVk","#, ""),
        FindingRow(.signatureAbsent, #""c2lnbmVk""#, #""""#),
        FindingRow(.signatureUnverifiable, #""signature": "c2lnbmVk","#, "", isThere: true),
        FindingRow(.keyAbsent, #""public_key_pem": "-----BEGIN PUBLIC KEY-----","#, ""),
        FindingRow(.keyStored, #""private_key_stored": false"#, #""private_key_stored": true"#),
        FindingRow(.fileAbsent, #""a.json""#, #""b.json""#),
        FindingRow(.fileAbsent, #""a.json""#, #""../a.json""#),
        FindingRow(.fileUnreadable, #""a.json""#, #""folder""#),
        FindingRow(.fileDigest, "ca978112ca", "ca978112cb"),
        FindingRow(.filesNone, #""files""#, #""other""#),
        FindingRow(.evidenceMissing, #", "alert-1"]"#, "]"),
        FindingRow(.evidenceUnclear, #", "alert-1"]"#, #", "alert-1", "x"]"#),
        FindingRow(.reviewerAbsent, #""reviewed_by": "dora""#, #""reviewed_by": null"#),
        FindingRow(.runLive, #""live_connector_used": false"#, #""live_connector_used": true"#),
        FindingRow(.runLive, #""mode": "dry_run","#, #""mode": "live","#),
        FindingRow(.planIncomplete, #""dry_run_first", "owner": "carol""#, #""dry_run_first""#),
        FindingRow(.planOverdue, #""scenario""#, #""scenario""#, asOf: "2027-01-01T00:00:01Z"),
        FindingRow(.retentionUndecided, #""decision_state": "approved""#, #""x": "approved""#),
        FindingRow(
            .retentionUndecided, #""decision_state": "approved""#,
            #""decision_state": "deferred""#),
        FindingRow(.retentionEnd, #""retention_until": "2030-05-31T00:00:00Z","#, ""),
        FindingRow(.retentionExpired, #""scenario""#, #""scenario""#, asOf: "2030-05-31T00:00:01Z"),
        FindingRow(.approverSame, #""requested_by": "alice""#, #""requested_by": "bob""#),
        FindingRow(.acceptanceAbsent, #""accepted_risk""#, #""risk""#),
        FindingRow(.acceptanceIncomplete, #""external_reference": "CHG-1","#, ""),
        FindingRow(.acceptanceIncomplete, #""compensating_control": "watched","#, ""),
        FindingRow(.acceptanceIncomplete, #""affected_release": "r-1","#, ""),
        FindingRow(.acceptanceIncomplete, #""evidence_refs": ["cd-1"]"#, #""evidence_refs": []"#),
        FindingRow(
            .acceptanceExpired, #""scenario""#, #""scenario""#, asOf: "2027-01-01T00:00:01Z"),
        FindingRow(.timeRead, #""2030-05-31T00:00:00Z""#, #""2030-05-31""#),
        FindingRow(.timeRead, #""2030-05-31T00:00:00Z""#, #""2030-05-31T00:00:00""#),
        FindingRow(.timeFuture, #""scenario""#, #""scenario""#, asOf: "2026-05-31T08:29:59Z"),
        FindingRow(
            .nameMismatch, #""approved_by": "bob","#,
            #""approved_by": "bob", "bundle_id": "frb-2","#),
        FindingRow(.claimContradiction, #""blocker_count": 0"#, #""blocker_count": 1"#),
        FindingRow(
            .claimContradiction, #""retention_decision_state": "approved""#,
            #""retention_decision_state": "denied""#),
        FindingRow(.claimContradiction, #""critical_findings": 0"#, #""critical_findings": 1"#),
        FindingRow(
            .claimContradiction, #""state": "ready","#, #""state": "ready", "blockers": ["b"],"#),
        FindingRow(.sectionAbsent, #""retry_worker_run""#, #""worker""#),
        FindingRow(.fieldUnread, #""notes": "n""#, #""notes": "n", "zz": 1"#),
        FindingRow(.fieldUnread, #""scenario""#, #""zz": 1, "scenario""#),
    ]
}

@Suite("What a package leaves open")
struct FindingTests {
    private func ids(_ text: String, asOf: String) throws -> Set<String> {
        Set(try Packages.verify(text, asOf: asOf).findings.map(\.id.rawValue))
    }

    @Test("is found where it is, and not where it is not", arguments: FindingRow.all)
    func finds(row: FindingRow) throws {
        let before = try ids(Packages.sample, asOf: "2026-06-01T00:00:00Z")
        let changed = try Packages.replacing(row.old, with: row.new)
        let after = try ids(changed, asOf: row.asOf)
        #expect(before.contains(row.id.rawValue) == row.isThere)
        #expect(after.contains(row.id.rawValue) != row.isThere)
    }

    @Test("is reported of every kind by a row above")
    func isComplete() {
        #expect(Set(FindingRow.all.map(\.id)) == Set(ImportFinding.ID.allCases))
    }

    @Test("is described in the document, every kind")
    func isDocumented() throws {
        let text = String(decoding: try readFile(repositoryRoot + "/docs/import.md"), as: UTF8.self)
        for id in ImportFinding.ID.allCases { #expect(text.contains("| `\(id.rawValue)` |")) }
    }

    @Test("is nothing in a package that is whole, but that nobody can verify it")
    func whole() throws {
        let result = try Packages.verify(Packages.sample)
        #expect(result.findings.map(\.id) == [.signatureUnverifiable])
        #expect(result.decision.outcome == .blocked)
    }

    @Test("is a file that is there with another content, or only under a name that leads elsewhere")
    func files() throws {
        let absent = try Packages.verify(Packages.sample, beside: [:])
        #expect(absent.findings.map(\.id) == [.signatureUnverifiable, .fileAbsent])
        let other = try Packages.verify(
            Packages.sample, beside: [Array("a.json".utf8): .contents(Array("b".utf8))])
        #expect(other.findings.map(\.id) == [.signatureUnverifiable, .fileDigest])
        #expect(other.decision.results.first { $0.id == "C6" }?.status == .fail)
        for name in ["../a.json", "/etc/passwd", "a/b", ".hidden", "..", #"a\u0000b"#] {
            let text = try Packages.replacing(#""a.json""#, with: "\"\(name)\"")
            #expect(try CavraPackage(parsing: Array(text.utf8)).fileNames.isEmpty, "\(name)")
        }
    }

    @Test(
        "is a content that has not the SHA-256 that Python gives it",
        .requires("python3"),
        arguments: [
            #"{"b": [1, null, true], "a": "\u00e9\ud83d\ude00\u007f\u0001\"\\\/\n"}"#,
            #"{"\ud83d\ude00": 1, "\uffff": 2, "z": {}, "": [], "A": -5}"#, #""text""#, "[]",
        ])
    func content(json: String) async throws {
        let script = """
            import hashlib, json, sys
            value = json.load(sys.stdin)
            print(hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest(), end="")
            """
        let digest = String(
            decoding: try await runSuccessfully(
                "python3", ["-c", script], stdin: Array(json.utf8)), as: UTF8.self)
        func text(_ digest: String) throws -> String {
            let named = try Packages.replacing(
                "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", with: digest)
            return try Packages.replacing(
                #""name": "a.json","#, with: #""path": "a.json", "content": \#(json),"#, in: named)
        }
        #expect(
            try Packages.verify(text(digest), beside: [:]).findings.map(\.id)
                == [.signatureUnverifiable])
        let other = String(repeating: "0", count: 64)
        #expect(
            try Packages.verify(text(other)).findings.map(\.id)
                == [.signatureUnverifiable, .fileDigest])
    }
}
