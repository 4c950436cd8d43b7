import CloseoutEncodings
import CloseoutRecords
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A report as HTML")
struct HTMLTests {
    private func page(_ report: Report) throws -> String {
        String(decoding: try ReportFormat.html.render(report, version: "1"), as: UTF8.self)
    }

    @Test(
        "has no fault that the checker of the W3C finds, whatever the report",
        .requires(pythonTool), .requires("java"))
    func valid() async throws {
        let pages = try
            ([report(), mixedReport(), unreadableReport(), hostileReport()] + decidedReports())
            .map(page)
        let answer = try await Oracle.checker.answer(to: .array(pages.map { JSON($0) }))
        #expect(answer == .array(pages.map { _ in [] }))
    }

    @Test("names language, landmarks and headings, and heads every table in words")
    func structure() throws {
        let text = try page(mixedReport())
        for part in [
            "<html lang=\"en\">", "<header class=\"top-fail\">", "<main>", "<footer>", "<h1>",
            "<h2 id=\"wrong\">Wrong</h2>", "<section aria-labelledby=\"wrong\">",
            "<th scope=\"col\">Check</th>", "<caption>5 findings</caption>",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        func count(_ part: String) -> Int { text.ranges(of: part).count }
        #expect(count("<table ") == count("<caption>") && count("<table ") == count("<thead>"))
        #expect(count("<h1>") == 1)
    }

    @Test("says every status in words beside its colour")
    func statuses() throws {
        let text = try page(mixedReport())
        for status in CheckStatus.allCases {
            let words = status == .notApplicable ? "not applicable" : status.rawValue
            #expect(text.contains("<span class=\"\(status.rawValue)\">\(words)</span>"))
        }
        #expect(text.contains("<strong class=\"fail\">FAILED</strong> payments 1.4.0</h1>"))
        #expect(
            try page(report(without: [.manifestSums])).contains(
                "<strong class=\"unknown\">INCOMPLETE</strong> payments 1.4.0</h1>"))
    }

    @Test("draws retention, holds and accepted risks in time, with the same in words")
    func timeline() throws {
        let text = try page(report(evidence: acceptedRisk()))
        let picture = try #require(
            text.split(separator: "<svg ").last?.split(separator: "</svg>").first)
        #expect(picture.contains("role=\"img\" aria-labelledby=\"timeline-title timeline-text\""))
        #expect(picture.contains("<title id=\"timeline-title\">Retention in time</title>"))
        let words = try #require(picture.split(separator: "<desc id=\"timeline-text\">").last)
        #expect(words.contains("risk C4 from ") && words.contains(" until 2027-01-01T00:00:00Z"))
        #expect(words.contains("sealed at ") && words.contains("verified as of "))
        #expect(picture.contains("class=\"bar-acceptance\""))
        #expect(text.contains("<caption>What is kept, and what is accepted, until when</caption>"))
        #expect(try !page(report()).contains("<svg"))
    }

    @Test("has names for digests, which lead to the row about each, or hold the digest")
    func names() throws {
        let state = try acceptedRisk()
        let record = try #require(state.records.first)
        let text = try page(
            decided(.readyWithAcceptedRisk, [criterion("C4", .fail, accepted: true)]))
        let unnamed = try criterion("C4", .fail).evidence[0].hex
        #expect(text.contains("<code>sha256:\(unnamed)</code></details>"))
        let named = try page(report(evidence: state))
        let anchor = "d-\(record.digest.hex.prefix(16))"
        #expect(named.ranges(of: "id=\"\(anchor)\"").count == 1)
        #expect(named.contains("<summary>risk-acceptance \(record.signed.sequence)</summary>"))
        #expect(named.contains("<a href=\"#s-"))
    }

    @Test("folds every family of checks, and says what failed above them")
    func folded() throws {
        let text = try page(mixedReport())
        let checks = try #require(text.split(separator: "<h2 id=\"checks\">").last)
        #expect(checks.ranges(of: "<summary>").count == Set(CheckID.allCases.map(\.family)).count)
        #expect(!checks.contains("<details open"))
        #expect(text.contains("<summary>manifest: 10 passed</summary>"))
    }

    @Test("names nothing to load or run, and forbids it")
    func selfContained() throws {
        let text = try page(hostileReport())
        for part in ["<script", " src=", "url(", "@import", "<img", "<link", "<use", "<a href=\"h"]
        {
            #expect(!text.contains(part), "\(part)")
        }
        #expect(text.ranges(of: " href=").count == text.ranges(of: " href=\"#").count)
        #expect(text.contains("content=\"default-src &#39;none&#39;; style-src &#39;sha256-"))
    }
}

@Suite("A report in a browser", .serialized, .requires(pythonTool), .requires(browser))
struct BrowserTests {
    @Test(
        "loads nothing, complains of nothing, fits 320 pixels, prints, and is accessible",
        arguments: [true, false], [true, false])
    func opens(isHostile: Bool, isDecided: Bool) async throws {
        let report =
            isDecided
            ? try isHostile ? hostileDecision() : acceptedReport()
            : try isHostile ? hostileReport() : mixedReport()
        try await withTemporaryDirectory { folder in
            let page = folder + "/report.html"
            try writeFile(ReportFormat.html.render(report, version: "1"), to: page)
            let seen = try JSON(
                parsing: try await runSuccessfully(
                    pythonTool, [oracleFolder + "/browser.py", browser, page, "320", "1200"]))
            #expect(try seen.at("requests") == [JSON("file://" + page)])
            #expect(try seen.at("complaints") == [])
            #expect(try seen.at("violations") == [])
            #expect(try seen.at("dark_violations") == [])
            #expect(try seen.at("dark") == "rgb(20, 24, 28)")
            #expect(try seen.at("paper") == "rgb(255, 255, 255)")
            #expect(try seen.at("pdf") == "%PDF-")
            let verdict = isDecided ? "VERIFIED" : "FAILED"
            #expect(try seen.at("title") == JSON("\(verdict) payments 1.4.0"))
            for (found, width) in zip(try seen.at("widths").elements, [Int64(320), 1200]) {
                guard case .integer(let found) = found else { return #expect(Bool(false)) }
                #expect(found <= width)
            }
            let text = try #require(try seen.at("text").text)
            let plain = isDecided ? "fail, accepted" : "has another SHA-256"
            #expect(text.contains(isHostile ? "<script>alert(1)</script>" : plain))
        }
    }
}
