import CloseoutEncodings
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A report as SARIF")
struct SARIFTests {
    private func sarif(_ report: Report) throws -> JSON {
        try JSON(
            parsing: Array(ReportFormat.sarif.render(report, version: "1").dropLast()))
    }

    private func run(_ report: Report) throws -> JSON { try sarif(report).at("runs", "0") }

    @Test("is valid by the published schema, whatever the report", .requires(pythonTool))
    func valid() async throws {
        let reports =
            [try report(), try mixedReport(), try unreadableReport(), try hostileReport()]
            + (try decidedReports())
        try await Oracle.expectValid(reports.map(sarif), "sarif")
    }

    @Test("has a result for all that does not pass: what is wrong as fail, what is unknown as open")
    func results() throws {
        let results = try run(mixedReport()).at("results").elements.map { result in
            try ["ruleId", "kind", "level"].map { try #require(try result.at($0).text) }
        }
        #expect(
            results == [
                ["verdict", "fail", "error"], ["signature.key-known", "open", "none"],
                ["signature.key-revoked", "fail", "warning"],
                ["artifact.given", "open", "none"], ["artifact.size", "fail", "error"],
                ["artifact.size", "fail", "error"], ["artifact.size", "fail", "error"],
                ["artifact.digest", "fail", "error"],
            ])
    }

    @Test("of a good bundle has no result, and names what passed and what did not apply")
    func passed() throws {
        let run = try run(
            report([Finding(.logRollback, .notApplicable, "log", "nothing to compare")]))
        #expect(try run.at("results") == [])
        #expect(try run.at("properties", "passed").elements.contains("artifact.digest"))
        #expect(try run.at("properties", "not_applicable") == ["log.rollback"])
        #expect(try run.at("properties", "verdict") == "VERIFIED")
    }

    @Test(
        "of a bundle of which a check is missing has an open result, though nothing else is wrong")
    func missing() throws {
        let results = try run(report(without: [.manifestSums])).at("results").elements
        #expect(results.count == 1)
        #expect(try results.first?.at("kind") == "open")
    }

    @Test("gives every result a file and a rule that is described")
    func locations() throws {
        let run = try run(hostileReport())
        let rules = try run.at("tool", "driver", "rules").elements.map { try $0.at("id") }
        for result in try run.at("results").elements {
            #expect(try rules.contains(result.at("ruleId")))
            let place = try result.at("locations", "0", "physicalLocation", "artifactLocation")
            let uri = try #require(try place.at("uri").text)
            #expect(!uri.isEmpty && uri.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
            #expect(!uri.contains(":") && !uri.contains("\\") && !uri.hasPrefix("//"))
        }
    }

    @Test("keeps text from making links or placeholders of a message")
    func messages() throws {
        let report = try report([Finding(.artifactDigest, .fail, "{0}", "[a](1) \\ differs")])
        let message = try run(report).at("results", "1", "message", "text")
        #expect(message == #"{{0}}: \[a\](1) \\ differs."#)
    }

    @Test("gives a result the same fingerprint in every report, and another in each of one report")
    func fingerprints() throws {
        func fingerprints(_ report: Report) throws -> [String] {
            try run(report).at("results").elements.map {
                try #require(try $0.at("partialFingerprints", "closeout/v1").text)
            }
        }
        let all = try fingerprints(mixedReport())
        #expect(Set(all).count == all.count)
        let alone = try fingerprints(
            report([Finding(.artifactSize, .fail, "b", "differs")], asOfGiven: true, policy: false))
        #expect(all.contains(try #require(alone.last)))
    }
}
