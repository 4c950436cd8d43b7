import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A report as OSCAL assessment results")
struct OSCALTests {
    private func document(_ report: Report) throws -> JSON {
        try JSON(
            parsing: Array(ReportFormat.oscal.render(report, version: "1").dropLast()))
    }

    private func result(_ report: Report) throws -> JSON {
        try document(report).at("assessment-results", "results", "0")
    }

    private func status(_ id: String, _ report: Report) throws -> JSON {
        let findings = try result(report).at("findings").elements
        let found = try findings.first { try $0.at("target", "target-id") == JSON(id) }
        return try #require(found).at("target", "status")
    }

    @Test("is valid by the published schema, whatever the report", .requires(pythonTool))
    func valid() async throws {
        let reports =
            [try report(), try mixedReport(), try unreadableReport(), try hostileReport()]
            + (try decidedReports())
        try await Oracle.expectValid(reports.map(document), "oscal")
    }

    @Test("is satisfied only by what passes: what is wrong has failed, what is unknown is other")
    func statuses() throws {
        let mixed = try mixedReport()
        #expect(try status("log.head", mixed) == ["reason": "pass", "state": "satisfied"])
        #expect(
            try status("artifact.digest", mixed) == ["reason": "fail", "state": "not-satisfied"])
        #expect(
            try status("artifact.given", mixed) == ["reason": "other", "state": "not-satisfied"])
        #expect(try status("verdict", mixed) == ["reason": "fail", "state": "not-satisfied"])
        #expect(
            try status("verdict", report(without: [.manifestSums]))
                == ["reason": "other", "state": "not-satisfied"])
    }

    @Test("has no finding of what does not apply or does not decide, and says the first in remarks")
    func leftOut() throws {
        let result = try result(mixedReport())
        let ids = try result.at("findings").elements.map { try $0.at("target", "target-id") }
        for id in ["trust.digest", "signature.key-known", "signature.key-revoked"] {
            #expect(!ids.contains(JSON(id)))
        }
        #expect(try result.at("remarks") == "Not applicable: `trust.digest`.")
        let observed = try result.at("observations").elements.map {
            try $0.at("props", "0", "value")
        }
        #expect(observed.contains("signature.key-revoked"))
    }

    @Test("has an open risk for each thing that is wrong, and names it in its finding")
    func risks() throws {
        let result = try result(mixedReport())
        let risks = try result.at("risks").elements
        #expect(risks.count == 5)
        #expect(try risks.allSatisfy { try $0.at("status") == "open" })
        let named = try result.at("findings").elements.flatMap { finding in
            try (finding["related-risks"]?.elements ?? []).map { try $0.at("risk-uuid") }
        }
        #expect(try named == risks.map { try $0.at("uuid") })
        #expect(try self.result(report())["risks"] == nil)
    }

    @Test(
        "has a UUID of its own for everything, those of findings and risks the same in every report"
    )
    func uuids() throws {
        let names = ["a", "a", "b"]
        let one = try identifiers(
            report(names.map { Finding(.artifactSize, .fail, $0, "differs") }))
        #expect(Set(one.all).count == one.all.count)
        #expect(one.all.count > 100)
        let other = try identifiers(
            report([Finding(.artifactSize, .fail, "b", "differs")], asOfGiven: true))
        #expect(one.lasting.isSuperset(of: other.lasting))
        #expect(Set(one.all).subtracting(one.lasting).isDisjoint(with: other.all))
    }

    @Test("takes its UUIDs from names, as others make them", .requires(pythonTool))
    func foreign() async throws {
        let report = try mixedReport()
        let digest = try SHA256Digest.of(report.json.canonicalBytes).hex
        let program = """
            import sys, uuid
            print(uuid.uuid5(uuid.NAMESPACE_URL, sys.argv[1]), end="")
            """
        let output = try await runSuccessfully(
            pythonTool, ["-c", program, "urn:closeout:report:v1:\(digest)"])
        #expect(try document(report).at("assessment-results", "uuid") == .string(output))
    }

    private func identifiers(
        _ report: Report
    ) throws -> (all: [String], lasting: Set<String>) {
        let result = try result(report)
        func uuids(_ key: String) throws -> [String] {
            try result.at(key).elements.map { try #require(try $0.at("uuid").text) }
        }
        let lasting = try uuids("findings") + uuids("risks")
        let own = try [result, document(report).at("assessment-results")].map {
            try #require(try $0.at("uuid").text)
        }
        return (try lasting + uuids("observations") + own, Set(lasting))
    }
}
