import CloseoutEncodings
import CloseoutRecords
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A decision in a report")
struct DecisionReportTests {
    private func text(
        _ format: ReportFormat, _ report: Report, for purpose: ReportPurpose = .verifying
    ) throws -> String {
        String(decoding: try format.render(report, version: "1", for: purpose), as: UTF8.self)
    }

    private func json(
        _ format: ReportFormat, _ report: Report, for purpose: ReportPurpose = .verifying
    ) throws -> JSON {
        try JSON(parsing: Array(format.render(report, version: "1", for: purpose).dropLast()))
    }

    @Test("is reported as text, with an accepted risk as a failure")
    func asText() throws {
        let lines = try text(.text, acceptedReport()).split(separator: "\n")
        for line in [
            "  C1  pass  the title of C1", "    the reason of C1",
            "  C4  fail, accepted  the title of C4", "    the reason of C4",
            "  C9  not applicable  the title of C9",
            "Would be today, 2026-11-23T12:00:00Z: ready_with_accepted_risk",
            "  because it came to C4, C9",
        ] {
            #expect(lines.contains { $0 == line }, "\(line)")
        }
        #expect(lines.contains { $0.hasPrefix("  criteria final 3, sha256:") })
        #expect(
            TextReport.decision(try acceptedReport()).hasPrefix(
                "ready_with_accepted_risk payments 1.4.0: it came to C4, C9\n  VERIFIED "))
    }

    @Test("is reported as JSON, with the status fail and the acceptance beside it")
    func asJSON() throws {
        let result = try json(.json, acceptedReport()).at("decision", "now", "results", "1")
        #expect(try result.at("status") == "fail")
        #expect(try result.at("accepted_by").elements.count == 1)
    }

    @Test("is reported as Markdown, with criteria, status, reason and evidence")
    func asMarkdown() throws {
        let rows = try text(.markdown, acceptedReport()).split(separator: "\n")
            .filter { $0.hasPrefix("| `C") }
        #expect(rows.count == 3)
        #expect(rows[0].contains("| pass |"))
        #expect(rows[1].contains("| fail, accepted |") && !rows[1].contains("pass"))
        #expect(rows[1].contains("accepted risk\\: `sha256:"))
        let evidence = try criterion("C4", .fail).evidence[0].hex
        #expect(rows[1].contains("`sha256:\(evidence)`"))
    }

    @Test("is reported as HTML, with a class and words of its own for an accepted risk")
    func asHTML() throws {
        let page = try text(.html, acceptedReport())
        #expect(page.contains(#"<span class="accepted">ready_with_accepted_risk</span>"#))
        let rows = page.split(separator: "<tr>")
        let row = try #require(rows.first { $0.contains("the title of C4") })
        #expect(row.contains(#"<span class="accepted">fail, accepted</span>"#))
        #expect(!row.contains(#"class="pass""#))
        #expect(row.contains(try criterion("C4", .fail).evidence[0].hex))
        #expect(row.contains("accepted risk: "))
    }

    @Test("is reported as SARIF, with an accepted risk as a failure that is suppressed")
    func asSARIF() throws {
        let run = try json(.sarif, acceptedReport()).at("runs", "0")
        let results = try run.at("results").elements
        #expect(try results.map { try $0.at("ruleId") } == ["outcome", "criterion.C4"])
        for result in results {
            #expect(try result.at("kind") == "fail")
            #expect(try result.at("suppressions", "0", "kind") == "external")
            #expect(try result.at("suppressions", "0", "status") == "accepted")
        }
        let passed = try run.at("properties", "passed").elements
        #expect(passed.contains("criterion.C1"))
        #expect(!passed.contains("criterion.C4") && !passed.contains("outcome"))
        let blocked = try json(.sarif, blockedReport()).at("runs", "0", "results").elements
        #expect(
            try blocked.map { try $0.at("kind") } == ["fail", "fail", "open", "fail"])
        #expect(blocked.map { $0["suppressions"] == nil } == [true, true, true, false])
        #expect(try json(.sarif, readyReport()).at("runs", "0", "results") == [])
    }

    @Test("is reported as JUnit, with an accepted risk as skipped and never as passed")
    func asJUnit() throws {
        let lines = try text(.junit, acceptedReport()).split(separator: "\n")
        func next(_ name: String) throws -> Substring {
            let index = try #require(lines.firstIndex { $0.contains("name=\"\(name): ") })
            #expect(!lines[index].hasSuffix("/>"), "\(name) passes")
            return lines[index + 1]
        }
        for name in ["outcome", "criterion.C4"] {
            let line = try next(name)
            #expect(line.contains("<skipped ") && line.contains("type=\"accepted\""))
        }
        #expect(lines.contains { $0.contains("name=\"criterion.C1: ") && $0.hasSuffix("/>") })
        let blocked = try text(
            .junit, blockedReport(), for: .deciding(acceptsRisk: false))
        #expect(blocked.ranges(of: "<failure ").count == 2)
        #expect(blocked.ranges(of: "<error ").count == 1)
    }

    @Test("is reported as OSCAL, with an accepted risk as a deviation that is not satisfied")
    func asOSCAL() throws {
        let result = try json(.oscal, acceptedReport())
            .at("assessment-results", "results", "0")
        func status(_ id: String) throws -> JSON {
            let found = try result.at("findings").elements.first {
                try $0.at("target", "target-id") == JSON(id)
            }
            return try #require(found).at("target", "status", "state")
        }
        #expect(try status("criterion.C1") == "satisfied")
        #expect(try status("criterion.C4") == "not-satisfied")
        #expect(try status("outcome") == "not-satisfied")
        let risks = try result.at("risks").elements
        #expect(
            try risks.map { try $0.at("status") } == ["deviation-approved", "deviation-approved"])
        let blocked = try json(.oscal, blockedReport())
            .at("assessment-results", "results", "0", "risks").elements
        #expect(
            try blocked.map { try $0.at("status") } == ["open", "open", "deviation-approved"])
    }

    @Test("is reported in a verification summary by its level, and the criteria are its policy")
    func asSummary() throws {
        for (report, result, level) in [
            (try acceptedReport(), "PASSED", "CLOSEOUT_READY_WITH_ACCEPTED_RISK"),
            (try readyReport(), "PASSED", "CLOSEOUT_READY_FOR_RELEASE"),
            (try blockedReport(), "FAILED", "FAILED"),
        ] {
            let summary = try json(.vsa, report).at("predicate")
            #expect(try summary.at("verificationResult") == JSON(result))
            #expect(try summary.at("verifiedLevels") == [JSON(level)])
            #expect(try summary.at("policy", "uri") == "urn:closeout:criteria:v1")
            let digest = try #require(report.decision?.now?.criteria.digest.hex)
            #expect(try summary.at("policy", "digest", "sha256") == JSON(digest))
        }
        let accepted = try json(.vsa, acceptedReport())
            .at("predicate", "urn:closeout:report:v1", "accepted")
        #expect(accepted == ["C4"])
    }

    @Test("is reported in a verification summary with the digest of every record behind it")
    func inputs() throws {
        let record = try evidenceRecord()
        let inputs = try json(.vsa, report(evidence: EvidenceState([record], asOf: instant())))
            .at("predicate", "inputAttestations")
        #expect(
            inputs == [
                [
                    "digest": ["sha256": JSON(record.digest.hex)],
                    "mediaType": "application/vnd.closeout.record.v1+json",
                    "name": "closeout/readiness/v1",
                ]
            ])
        #expect(try json(.vsa, report()).at("predicate")["inputAttestations"] == nil)
    }

    @Test("is no property of a verification result where it is not fulfilled")
    func asResult() throws {
        func properties(_ report: Report) throws -> [JSON] {
            try json(.svr, report).at("predicate", "properties").elements
        }
        let accepted = try properties(acceptedReport())
        #expect(accepted.contains("CLOSEOUT_READY_WITH_ACCEPTED_RISK"))
        #expect(accepted.contains("CLOSEOUT_CRITERION_C1"))
        #expect(!accepted.contains("CLOSEOUT_CRITERION_C4"))
        #expect(!accepted.contains("CLOSEOUT_READY_FOR_RELEASE"))
        #expect(try properties(readyReport()).contains("CLOSEOUT_READY_FOR_RELEASE"))
        let blocked = try properties(blockedReport())
        #expect(blocked.contains("CLOSEOUT_VERIFIED"))
        #expect(!blocked.contains { $0.text?.hasPrefix("CLOSEOUT_READY") == true })
    }

    @Test("that is not VERIFIED has no level, whatever was decided")
    func unverified() throws {
        let gap = Finding(.artifactGiven, .unknown, "artifacts", "were not given")
        let report = try decided(.readyForRelease, [criterion("C1", .pass)], on: [gap])
        #expect(try json(.vsa, report).at("predicate", "verificationResult") == "FAILED")
        #expect(try json(.svr, report).at("predicate", "properties") == [])
    }
}
