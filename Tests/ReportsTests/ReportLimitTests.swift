import CloseoutEncodings
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A report on very much")
struct ReportLimitTests {
    private static let mostBytes = 10_000_000

    private func many(_ count: Int, pathLength: Int = 0) throws -> Report {
        let tail = String(repeating: "n", count: pathLength)
        let missing = (0..<count).map {
            Finding(.artifactMissing, .fail, "\($0)\(tail)", "is missing")
        }
        let one = Finding(.artifactUnexpected, .fail, "x", "is unexpected")
        let open = Finding(.recordWithheld, .unknown, "r", "was withheld from this copy")
        return try report(missing + [one, open])
    }

    private func results(_ report: Report) throws -> (results: [JSON], run: JSON, bytes: Int) {
        let bytes = try ReportFormat.sarif.render(report, version: "1")
        let run = try JSON(parsing: Array(bytes.dropLast())).at("runs", "0")
        return (try run.at("results").elements, run, bytes.count)
    }

    @Test(
        "is a SARIF file that services take, with the verdict first, which counts what is left out",
        arguments: [(26_000, 0), (3_000, 4_000)])
    func sarif(count: Int, pathLength: Int) throws {
        let (results, run, bytes) = try results(many(count, pathLength: pathLength))
        #expect(results.count <= 25_000)
        #expect(bytes <= Self.mostBytes)
        #expect(try results.first?.at("ruleId") == "verdict")
        // The verdict is no finding.
        let left = Int64(count + 2 - (results.count - 1))
        #expect(left > 0)
        #expect(try run.at("properties", "results_left_out") == .integer(left))
        let message = try #require(try results.first?.at("message", "text").text)
        #expect(message.contains(" \(grouped(left)) more findings are left out here"))
        // No check is crowded out by another.
        let ids = Set(try results.map { try $0.at("ruleId").text })
        #expect(ids == ["verdict", "artifact.missing", "artifact.unexpected", "record.withheld"])
        let rules = try run.at("tool", "driver", "rules").elements.map { try $0.at("id").text }
        #expect(rules.count == Set(rules).count && Set(rules).isSuperset(of: ids))
    }

    @Test("leaves nothing out that there is room for, and names everything as it would anyway")
    func whole() throws {
        let few = try results(many(1_000))
        #expect(few.results.count == 1_003)
        #expect(try few.run.at("properties", "results_left_out") == 0)
        #expect(try few.results.first?.at("message", "text").text?.contains("left out") == false)
        func fingerprints(_ results: [JSON]) throws -> Set<String> {
            Set(try results.compactMap { try $0.at("partialFingerprints", "closeout/v1").text })
        }
        let all = try fingerprints(results(many(26_000)).results)
        let some = try fingerprints(few.results)
        #expect(some.isSubset(of: all))
        // Those that share check and subject keep their numbers where others are left out.
        let same = (0..<26_000).map { _ in Finding(.artifactMissing, .fail, "a", "is missing") }
        #expect(try Set(fingerprints(results(report(same)).results)).count > 10_000)
    }

    @Test("says in a result of its own that something is left out, also where it is VERIFIED")
    func verified() throws {
        let findings = (0..<26_000).map {
            Finding(.signatureKeyKnown, .unknown, "\($0)", "is a stranger's", isRequired: false)
        }
        let found = try results(
            report(findings + [Finding(.signatureKeyKnown, .pass, "s", "is known")]))
        #expect(found.results.count <= 25_000)
        #expect(try found.results.first?.at("ruleId") == "verdict")
        #expect(try found.results.first?.at("kind") == "pass")
    }

    @Test(
        "is a JUnit file of no more test cases and bytes, which counts what it has and says the rest",
        arguments: [(26_000, 0), (3_000, 4_000)])
    func junit(count: Int, pathLength: Int) throws {
        let bytes = try ReportFormat.junit.render(
            many(count, pathLength: pathLength), version: "1")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(bytes.count <= Self.mostBytes)
        let cases = text.ranges(of: "<testcase ").count
        #expect(cases <= 25_000)
        #expect(
            text.contains("tests=\"\(cases)\" failures=\"\(text.ranges(of: "<failure ").count)\""))
        let verdict = try #require(text.split(separator: "</testcase>").first)
        #expect(verdict.contains("<testcase name=\"verdict: ") && verdict.contains("left out here"))
        #expect(text.contains("record.withheld: r") && text.contains("artifact.unexpected: x"))
    }

    @Test("is a page and an OSCAL document of a bounded size, which say how much more there is")
    func others() throws {
        let report = try many(30_000)
        let page = String(
            decoding: try ReportFormat.html.render(report, version: "1"), as: UTF8.self)
        #expect(page.ranges(of: "<tr>").count < 5_000)
        #expect(page.contains("And 29,001 more; the report as text or JSON has all."))
        let result = try JSON(parsing: ReportFormat.oscal.render(report, version: "1"))
            .at("assessment-results", "results", "0")
        #expect(try result.at("observations").elements.count <= 5_000)
        #expect(try result.at("remarks").text?.contains("more findings are left out here") == true)
    }
}
