import CloseoutDecisions
import CloseoutEncodings
import CloseoutInterchange
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A hostile package")
struct HostileTests {
    /// A piece of the sample, what stands in its place, and what the error says.
    private static let changes: [(String, String, String)] = [
        (#""scenario""#, #""generated_at": 1, "scenario""#, "duplicate key"),
        (
            "cavra.final_closeout_trial.v1", "cavra.final_closeout_trial.v2",
            "schema_version: must be"
        ),
        (
            #""blocker_count": 0"#, #""blocker_count": -1"#,
            "release_closeout_summary.blocker_count: -1"
        ),
        (#""blocker_count": 0"#, #""blocker_count": 0.5"#, "number with a fraction"),
        (#""blocker_count": 0"#, #""blocker_count": "0""#, "blocker_count: expected an integer"),
        (#""private_key_stored": false"#, #""private_key_stored": "no""#, "expected a boolean"),
        (#""private_key_stored": false"#, #""private_key_stored": 0"#, "expected a boolean"),
        (
            #""state": "ready","#, #""state": "Ready","#,
            "final_readiness_bundle.state: must be one of"
        ),
        (
            #""state": "ready","#, #""state": "ready", "closeout_state": "incomplete","#,
            "closeout_state: says the same as final_readiness_bundle.state"
        ),
        (
            #""key_reference": "kms-1""#, #""key_reference": "a", "signature_key_id": "b""#,
            "the same"
        ),
        ("sha256:aaaa", "sha1:aaaa", "manifest_digest: must be 64 lower-case"),
        ("sha256:aaaa", "sha256:Aaaa", "manifest_digest: must be 64 lower-case"),
        ("ca978112ca", "ca978112", "files[0].sha256: must be 64"),
        (#""name": "a.json","#, "", "files[0]: has no name"),
        (#"[{"name": "a.json","#, #"[7, {"name": "a.json","#, "files[0]: expected an object"),
        (
            #"[{"name": "a.json","#, #"[{"name": "a.json", "path": "b","#,
            "files[0].path: says the same"
        ),
        (
            #"[{"name": "a.json","#,
            #"[{"name":"a.json","sha256":"\#(String(repeating: "0", count: 64))"},{"name": "a.json","#,
            "files[1]: has a name that another has"
        ),
        ("2030-05-31T00:00:00Z", "2030-02-30", "retention_until: must be a date"),
        ("2030-05-31T00:00:00Z", "tomorrow", "retention_until: must be a date"),
        (#""decision_state": "approved""#, #""decision_state": true"#, "expected a string"),
        (#""decision_state": "approved""#, #""decision_state": "APPROVED""#, "must be one of"),
        (#""severity": "warning""#, #""severity": "bad""#, "findings[0].severity: must be one of"),
        (#""evidence_refs": ["cd-1"]"#, #""evidence_refs": [""]"#, "evidence_refs[0]: empty"),
        (#""evidence_refs": ["cd-1"]"#, #""evidence_refs": {"a": 1}"#, "expected an array"),
        (
            #""decision": "retry""#, #""decision": "always""#,
            "closeout_retry_plan.decision: must be"
        ),
        (#""ready_with_accepted_risk""#, #""ready""#, "release_decision.state: must be one of"),
        (#""accepted_risk": {"#, #""accepted_risk": null, "x": {"y": }, "z": {"#, "unexpected"),
        (
            #""notes": "n""#, #""notes": "\#(String(repeating: "n", count: 4097))""#,
            "longer than 4096"
        ),
        (
            #""alert-1"]"#, String(repeating: #""alert-1","#, count: 1100) + #""alert-1"]"#,
            "evidence_refs: has more than 1024 elements"
        ),
        (
            #""notes": "n""#,
            #""notes": "n", "deep": \#(String(repeating: "[", count: 20) + String(repeating: "]", count: 20))"#,
            "nested deeper than 16"
        ),
    ]

    @Test("is refused with the place", arguments: changes.indices)
    func refused(index: Int) throws {
        let (old, new, message) = Self.changes[index]
        let text = try Packages.replacing(old, with: new)
        let error = #expect(throws: ImportError.self) {
            try CavraPackage(parsing: Array(text.utf8))
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test(
        "is refused whole where it is no package at all",
        arguments: [
            ("", "unexpected end"), ("7", "expected an object"), ("null", "expected an object"),
            ("[]", "empty"), ("[7]", "[0]: expected an object"), ("{}", "schema_version: required"),
            ("[{}]", "[0].schema_version: required"),
            (#"[{"schema_version":"cavra.evidence.bundle.v1"}]"#, "is none of an object"),
            (#"[{"schema_version":"other.retry-plan.v1"}]"#, "is none of an object"),
            (
                #"[{"schema_version":"cavra.retry-plan.v1"},{"schema_version":"cavra.retry-plan.v1"}]"#,
                "[1]: is a second closeout_retry_plan"
            ),
            (#"{"schema_version":"cavra.final_closeout_trial.v1"} x"#, "after the end"),
            ("\u{FEFF}{}", "byte order mark"),
        ])
    func whole(text: String, message: String) throws {
        let error = #expect(throws: ImportError.self) {
            try CavraPackage(parsing: Array(text.utf8))
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("is refused where it is too large, not UTF-8, or names too many deliveries")
    func limits() throws {
        let large = [UInt8](repeating: 0x20, count: CavraPackage.largestFile) + Packages.sample.utf8
        let delivery = #"{"schema_version":"cavra.connector-delivery.v1","providers":["w"]}"#
        let many = "[" + [String](repeating: delivery, count: 513).joined(separator: ",") + "]"
        for bytes in [large, [0x22, 0xFF, 0x22], Array(many.utf8)] {
            #expect(throws: ImportError.self) { try CavraPackage(parsing: bytes) }
        }
        let few = "[" + [String](repeating: delivery, count: 512).joined(separator: ",") + "]"
        #expect(try Packages.verify(few).records.count == 512)
    }

    @Test("puts no text of its own at the beginning of a line, nor an escape anywhere")
    func text() throws {
        var text = Packages.sample
        for (old, new) in [
            (#""kms-1""#, #""\n::error::x\u001b[31m\u202e""#), (#""a.json""#, #""\n::error::y""#),
            (#""failed", "public"#, #""\n::error::z", "public"#), (#""notes""#, #""\n::error::n""#),
        ] { text = try Packages.replacing(old, with: new, in: text) }
        let output = try Packages.verify(text).text(isAsOfGiven: true)
        #expect(output.split(separator: "\n").allSatisfy { !$0.hasPrefix("::") })
        #expect(
            output.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202E}" })
        #expect(output.contains("\\n::error::x\\u{1b}[31m\\u{202e}"))
    }

    @Test("names things as it likes, and becomes records all the same")
    func names() throws {
        for name in [" ", "ü", "*", String(repeating: "x", count: 4096), "-a", "a b"] {
            let text = Packages.sample.replacingOccurrences(of: "cd-1", with: name)
            #expect(try Packages.verify(text).records.count == 8, "\(name.prefix(9))")
        }
    }

    @Test(
        "of thousands of damaged ones each is refused or evaluated, and none is ready",
        arguments: [1, 2])
    func mutations(seed: UInt64) throws {
        let sample = Array((seed == 1 ? Packages.sample : Packages.code).utf8)
        let asOf = try #require(Instant(parsing: Array("2026-06-01T00:00:00Z".utf8)))
        let criteria = try Profile.finalCloseout.criteria()
        let tokens = [
            "\"", "{", "}", "[", "]", ",", "null", "true", "\"\"", "-1", "\"2026-06-07\"",
            "\"path\":", "\"content\":{}", "\"evidence_index\":[{}]", "\"delivered\"", "\\u0000",
        ]
        var taken = 0
        for input in CloseoutTestSupport.mutations(
            of: sample, seed: seed, count: 10_000, tokens: tokens)
        {
            guard let package = try? CavraPackage(parsing: input) else { continue }
            taken += 1
            let result = try ImportResult(
                package, beside: [:], asOf: asOf, criteria: criteria)
            #expect(result.decision.outcome == .blocked)
            #expect(!result.findings.isEmpty)
        }
        let count = repetitions(10_000, usually: 2_000)
        #expect(taken > count / 20 && taken < count - count / 20)
    }
}

extension String {
    /// The text with each piece of one kind replaced by another.
    fileprivate func replacingOccurrences(of old: String, with new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
