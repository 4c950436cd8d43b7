import CloseoutEncodings
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A report as an in-toto statement")
struct StatementTests {
    private func statement(_ report: Report, _ format: ReportFormat) throws -> JSON {
        try JSON(parsing: Array(format.render(report, version: "1").dropLast()))
    }

    @Test(
        "is read by the in-toto library, and its resource by that of package URLs",
        .requires(pythonTool))
    func foreign() async throws {
        let cases = [
            (try report(), "PASSED", "CLOSEOUT_VERIFIED"), (try mixedReport(), "FAILED", "FAILED"),
            (try hostileReport(), "FAILED", "FAILED"),
            (try readyReport(), "PASSED", "CLOSEOUT_READY_FOR_RELEASE"),
            (try acceptedReport(), "PASSED", "CLOSEOUT_READY_WITH_ACCEPTED_RISK"),
            (try blockedReport(), "FAILED", "FAILED"), (try hostileDecision(), "FAILED", "FAILED"),
        ]
        let answer = try await Oracle.statement.answer(
            to: .array(
                try cases.flatMap { [try statement($0.0, .vsa), try statement($0.0, .svr)] }))
        let seal = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        for (index, found) in answer.elements.enumerated() {
            #expect(try found.at("subject") == JSON(seal))
            guard index.isMultiple(of: 2) else {
                #expect(try found.at("type") == "https://in-toto.io/attestation/svr/v0.1")
                continue
            }
            #expect(try found.at("result") == JSON(cases[index / 2].1))
            #expect(try found.at("levels") == [JSON(cases[index / 2].2)])
            #expect(try found.at("time") == "2026-11-23T12:00:00Z")
            #expect(try found.at("verifier") == "urn:closeout:verifier:v1")
            #expect(try found.at("name") == "payments")
            #expect(try found.at("version") == "1.4.0")
        }
    }

    @Test("has passed, and holds properties, only where the verdict is VERIFIED")
    func onlyVerified() throws {
        let gap = Finding(.artifactGiven, .unknown, "artifacts", "were not given")
        for report in [
            try report([gap]), try report(without: [.manifestSums]), try mixedReport(),
            try unreadableReport(),
        ] {
            let summary = try statement(report, .vsa).at("predicate")
            #expect(try summary.at("verificationResult") == "FAILED")
            #expect(try summary.at("verifiedLevels") == ["FAILED"])
            #expect(try statement(report, .svr).at("predicate", "properties") == [])
        }
    }

    @Test("names each check that passes as a property, and none that does not apply")
    func properties() throws {
        let idle = Finding(.logRollback, .notApplicable, "log", "nothing to compare")
        let properties = try statement(report([idle]), .svr).at("predicate", "properties").elements
        #expect(properties.first == "CLOSEOUT_VERIFIED")
        #expect(properties.contains("CLOSEOUT_ARTIFACT_LINK_TARGET"))
        #expect(!properties.contains("CLOSEOUT_LOG_ROLLBACK"))
        #expect(properties.count == CheckID.allCases.count)
    }

    @Test("of less than everything has a level of its own, and says what was not looked at")
    func inPart() throws {
        let report = try report(notLookedAt: ["artifacts not looked at"])
        let summary = try statement(report, .vsa).at("predicate")
        #expect(try summary.at("verifiedLevels") == ["CLOSEOUT_VERIFIED_IN_PART"])
        #expect(
            try summary.at("urn:closeout:report:v1", "not_looked_at")
                == ["artifacts not looked at"])
        for part in [report, try ReportsTests.report(subject: .proof)] {
            let result = try statement(part, .svr).at("predicate", "properties", "0")
            #expect(result == "CLOSEOUT_VERIFIED_IN_PART")
        }
    }

    @Test("names the policy by its digest, or says that there was no file")
    func policy() throws {
        let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(
            try statement(report(), .vsa).at("predicate", "policy")
                == ["digest": ["sha256": JSON(digest)], "uri": "urn:closeout:trust:v1"])
        #expect(
            try statement(report(policy: false), .svr).at("predicate", "verifier", "policy")
                == ["uri": "urn:closeout:no-policy-file"])
    }

    @Test("about something whose seal could not be read has no subject, so that nothing matches it")
    func unreadable() throws {
        #expect(try statement(unreadableReport(), .vsa).at("subject") == [])
    }
}
