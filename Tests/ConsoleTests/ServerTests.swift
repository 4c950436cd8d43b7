import CloseoutFiles
import CloseoutRecords
import CloseoutReports
import CloseoutTestSupport
import CloseoutTrial
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("What a console shows", .requires("curl"))
struct ServerTests {
    @Test(
        "the verdict of every scenario of the trial is that of the command",
        arguments: Scenario.names)
    func verdicts(name: String) async throws {
        try await withConsole(name) { scene in
            // An id may be broken behind its dot, where a column is narrow.
            let page = try await (scene.page() + scene.page("/criteria")).replacing(
                "</code><wbr><code>", with: "")
            let promise = try Scenario.load(name).promise
            #expect(page.contains("</span>\(promise.verdict.rawValue)</strong>"))
            if let outcome = promise.outcome { #expect(page.contains(outcome.rawValue)) }
            for finding in promise.findings { #expect(page.contains(finding), "\(finding)") }
        }
    }

    @Test("while it is shown, commands add to the bundle, and attachments can still be had")
    func appending() async throws {
        try await withConsole { scene in
            let page = try await scene.page("/evidence")
            let added = try await run(
                closeoutExecutable,
                [
                    "hold", "place", "payments-1.4.0.closeout", "--matter", "M-1", "--custodian",
                    "c",
                    "--reason", "r", "--key", "keys/records.pem", "--log-key", "keys/log.pem",
                    "--trust", "trust.json",
                ], workingDirectory: scene.folder)
            #expect(added.status == 0, "\(added.stderrText)")
            let link = try #require(page.split(separator: "/file?digest=").last).prefix(64)
            #expect(try await scene.get("/file?digest=\(link)").status == 200)
        }
    }

    @Test("verifying again sees what was changed since, and so does the console by itself")
    func again() async throws {
        try await withConsole { scene in
            #expect(try await scene.page().contains("</span>VERIFIED</strong>"))
            let path = scene.folder + "/payments-1.4.0.closeout/seal.json"
            try writeFile(try readFile(path) + [10], to: path)
            #expect(try await scene.post("/verify", "").status == 303)
            #expect(try await scene.page().contains("</span>FAILED</strong>"))
        }
    }

    @Test("a long part of a report has several pages, and links lead to the right one")
    func longParts() async throws {
        try await withTemporaryDirectory { folder in
            var trial = try TrialRun.begin(
                Scenario.load("accepted-risk"), in: Array("\(folder)/t".utf8), now: try instant())
            while try await trial.next() != nil {}
            let (path, request, recheck) = try trial.question()
            let report = try await verifyBundle(at: path, request, recheck).report
            let whole = ReportMarkup(report, at: { "/\($0.rawValue)" })
            #expect(whole.pages(of: .records) == 1)
            let markup = ReportMarkup(report, rows: 3, at: { "/\($0.rawValue)" })
            let records = report.recordLines
            let pages = markup.pages(of: .records)
            #expect(pages == (records.count + 2) / 3)
            for (place, record) in records.enumerated() {
                let row = "<tr id=\"\(record.digest.anchor)\">"
                for page in 0..<pages {
                    let text = String(decoding: markup[.records, page], as: UTF8.self)
                    #expect(text.contains(row) == (page == place / 3))
                }
                let all = ReportPart.allCases.map { String(decoding: markup[$0], as: UTF8.self) }
                    .joined()
                let number = place < 3 ? "" : "?page=\(place / 3 + 1)"
                for link in all.split(separator: "href=\"/records").dropFirst() {
                    let target = link.prefix { $0 != "\"" }
                    guard target.hasSuffix("#\(record.digest.anchor)") else { continue }
                    #expect(target == "\(number)#\(record.digest.anchor)")
                }
            }
        }
    }
}
