import CloseoutRecords
import CloseoutReports
import CloseoutTestSupport
import CloseoutTrial
import CloseoutVerification
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
}
