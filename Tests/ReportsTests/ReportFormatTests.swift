import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("Every format of a report")
struct ReportFormatTests {
    @Test(
        "gives the same bytes for the same report, and ends its last line",
        arguments: ReportFormat.allCases)
    func deterministic(format: ReportFormat) throws {
        for make in [mixedReport, unreadableReport, hostileReport, hostileDecision] {
            let bytes = try format.render(make(), version: "1")
            #expect(try format.render(make(), version: "1") == bytes)
            #expect(bytes.last == UInt8(ascii: "\n"))
        }
    }

    @Test("reports the verdict of the report, and no other", arguments: ReportFormat.allCases)
    func verdict(format: ReportFormat) throws {
        let outcomes: [Verdict: [Finding]] = [
            .verified: [],
            .failed: [Finding(.artifactDigest, .fail, "a", "differs")],
            .incomplete: [Finding(.artifactGiven, .unknown, "artifacts", "were not given")],
        ]
        for (verdict, findings) in outcomes {
            let text = String(
                decoding: try format.render(report(findings), version: "1"), as: UTF8.self)
            #expect(text.contains("\(verdict.rawValue) payments 1.4.0"))
            for other in Verdict.allCases where other != verdict {
                #expect(!text.contains("\(other.rawValue) payments"))
            }
        }
    }

    @Test(
        "carries no text that a terminal or the log of a build would obey",
        arguments: ReportFormat.allCases)
    func inert(format: ReportFormat) throws {
        let findings = hostileTexts.map {
            Finding(.artifactDigest, .fail, printable($0), "differs")
        }
        let bytes = try format.render(report(findings), version: "1")
        let text = String(decoding: bytes, as: UTF8.self)
        for command in ["##vso[", "##[", "##teamcity["] { #expect(!text.contains(command)) }
        for line in text.split(separator: "\n") {
            #expect(!line.drop { $0 == " " }.hasPrefix("::"))
            #expect(!line.hasPrefix("# VERIFIED"))
        }
        let hidden = text.unicodeScalars.filter { $0 != "\n" && !isVisible($0) }
        #expect(hidden.isEmpty)
    }

    @Test("holds a line of hostile text within one of its own", arguments: ReportFormat.allCases)
    func noLineBreak(format: ReportFormat) throws {
        let quiet = try report(
            [Finding(.artifactDigest, .fail, "x", "x", hint: "x")], signatures: [])
        let loud = try report(
            [Finding(.artifactDigest, .fail, "a\nb", "c\nd", hint: "e\r\n")], signatures: [])
        guard format != .text else { return }
        func lines(_ report: Report) throws -> Int {
            try format.render(report, version: "1").count { $0 == UInt8(ascii: "\n") }
        }
        #expect(try lines(quiet) == lines(loud))
    }

    @Test("shows no check that is wrong or unknown as passed", arguments: CheckID.allCases)
    func neverPasses(id: CheckID) throws {
        for status in [CheckStatus.fail, .unknown] {
            let report = try report([Finding(id, status, "it", "is not as it must be")])
            func json(_ format: ReportFormat) throws -> JSON {
                try JSON(parsing: format.render(report, version: "1"))
            }
            let run = try json(.sarif).at("runs", "0")
            #expect(
                try run.at("results").elements.map { try $0.at("ruleId") }.contains(
                    JSON(id.rawValue)))
            #expect(try !run.at("properties", "passed").elements.contains(JSON(id.rawValue)))
            #expect(try json(.vsa).at("predicate", "verificationResult") == "FAILED")
            #expect(try json(.svr).at("predicate", "properties") == [])
            let findings = try json(.oscal).at("assessment-results", "results", "0", "findings")
            let unsatisfied = try findings.elements.filter {
                try $0.at("target", "status", "state") == "not-satisfied"
            }
            #expect(
                try Set(unsatisfied.map { try $0.at("target", "target-id").text })
                    == ["verdict", id.rawValue])
            let junit = String(
                decoding: try ReportFormat.junit.render(report, version: "1"), as: UTF8.self)
            let outcome =
                status == .fail ? #"failures="2" errors="0""# : #"failures="0" errors="2""#
            #expect(junit.contains(outcome + ">"))
        }
    }
}
