import CloseoutEncodings
import CloseoutRecords
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("What happened to a release, in every format")
struct StoryTests {
    private static let formats: [ReportFormat] = [.text, .markdown, .html, .sarif, .junit, .oscal]

    /// A report as words, without the escapes of its format.
    private func words(_ format: ReportFormat, _ report: Report) throws -> String {
        String(decoding: try format.render(report, version: "1"), as: UTF8.self)
            .replacing("\\", with: "")
    }

    private func markup(_ report: Report) throws -> String {
        String(decoding: try ReportFormat.html.render(report, version: "1"), as: UTF8.self)
    }

    @Test(
        "is reported under two dates: what was decided by whom, and what it would be now",
        arguments: formats)
    func twoDates(format: ReportFormat) throws {
        let text = try words(format, onceReadyReport())
        let decided = try #require(
            text.firstRange(of: "Decided on \(decidedAt): ready_for_release"))
        #expect(text[decided.upperBound...].contains("signed by dora"))
        #expect(text.contains("rules decide/v1"))
        #expect(text.contains("recomputed: pass, recomputed on its log"))
        let now = text.ranges(of: "Would be today, 2026-11-23T12:00:00Z: ")
        #expect(
            now.contains { range in
                let rest = text[range.upperBound...]
                return rest.hasPrefix("blocked") || rest.hasPrefix("<span class=\"fail\">blocked")
            })
    }

    @Test("has the instant that was asked for in place of today", arguments: formats)
    func asOf(format: ReportFormat) throws {
        let text = try words(format, onceReadyReport(asOfGiven: true))
        #expect(text.contains("Would be as of 2026-11-23T12:00:00Z: "))
        #expect(!text.contains("Would be today"))
    }

    @Test(
        "says of a decision whether it was recomputed, and what the present rules give",
        arguments: formats)
    func doubts(format: ReportFormat) throws {
        for (decision, expected) in [
            (
                try recorded(
                    .readyForRelease, .notApplicable, reason: "another policy", hint: "find it"),
                [
                    "ready_for_release, asserted and not recomputed",
                    "not recomputed: another policy", "find it",
                ]
            ),
            (
                try recorded(.readyForRelease, .fail, reason: "it is blocked"),
                ["ready_for_release, which does not recompute", "recomputed: fail, it is blocked"]
            ),
            (
                try recorded(byPresentRules: .blocked),
                ["by the present rules on the same log: blocked"]
            ),
        ] {
            let text = try words(format, onceReadyReport(decision))
            for words in expected { #expect(text.contains(words), "\(words)") }
        }
        let asserted = try onceReadyReport(recorded(.readyForRelease, .notApplicable, by: []))
        let text = try words(format, asserted)
        #expect(!text.contains("Decided on"))
        #expect(text.contains("Said to be decided on \(decidedAt): ready_for_release"))
    }

    @Test("never shows a past decision in the colour of what it would be now")
    func colours() throws {
        func heading(_ decision: RecordedDecision) throws -> Substring {
            let page = try markup(onceReadyReport(decision))
            return try #require(
                page.split(separator: "\n").first { $0.hasPrefix("<h2 id=\"decided-0\">") })
        }
        #expect(try heading(recorded()).contains("class=\"pass\""))
        #expect(try heading(recorded(.readyWithAcceptedRisk)).contains("class=\"accepted\""))
        for status in [CheckStatus.notApplicable, .unknown] {
            let found = try heading(recorded(.readyForRelease, status))
            #expect(found.contains("class=\"not_applicable\""))
        }
        #expect(try heading(recorded(.readyForRelease, .fail)).contains("class=\"fail\""))
    }

    @Test(
        "has each accepted risk with who answers for it, who approved it, and its conditions",
        arguments: formats.filter { $0 != .text })
    func risks(format: ReportFormat) throws {
        let text = try words(format, report(evidence: acceptedRisk()))
        for part in [
            "Ada Example", "alice", "bob", "no time", "watched", "CHG-17", "2027-01-01T00:00:00Z",
            "accepted",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("has them in SARIF as values")
    func properties() throws {
        let run = try JSON(
            parsing: ReportFormat.sarif.render(
                onceReadyReport(evidence: acceptedRisk()), version: "1")
        ).at("runs", "0", "properties")
        let risk = try run.at("risks", "told", "0")
        for (key, value) in [
            ("owner", "Ada Example"), ("reason", "no time"), ("compensating_control", "watched"),
            ("external_reference", "CHG-17"), ("expires", "2027-01-01T00:00:00Z"),
            ("status", "accepted"), ("finding", "C4"), ("visibility", "restricted"),
        ] {
            #expect(try risk.at(key) == JSON(value))
        }
        #expect(try risk.at("proposed_by") == ["alice"])
        #expect(try risk.at("approved_by") == ["bob"])
        #expect(try run.at("records", "told", "0", "signed_by") == ["alice", "bob"])
        let decided = try run.at("decision", "decided", "told", "0")
        #expect(try decided.at("outcome") == "ready_for_release")
        #expect(try decided.at("as_of") == JSON(decidedAt))
        #expect(try decided.at("operators") == ["dora"])
        #expect(try run.at("decision", "would_be", "outcome") == "blocked")
    }

    @Test("says of a risk that nobody approved it")
    func proposed() throws {
        let state = try acceptedRisk(approvers: [])
        #expect(RiskText.line(try #require(state.riskLines.first)).contains("approved by nobody"))
        let risks = try JSON(
            parsing: ReportFormat.oscal.render(report(evidence: state), version: "1")
        ).at("assessment-results", "results", "0", "risks").elements
        #expect(try risks.map { try $0.at("status") } == ["deviation-requested"])
    }
}
