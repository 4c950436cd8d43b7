import CloseoutEncodings
import CloseoutTestSupport
import CloseoutTrial
import CloseoutVerification
import CloseoutWorkflows
import Testing

@testable import CloseoutConsole

/// The browser that the bootstrap installs, by the name that the system has it under.
private let browser =
    isInstalled("chromium-headless-shell") ? "chromium-headless-shell" : "chromium"

@Suite("A console in a browser", .serialized, .requires(pythonTool), .requires(browser))
struct BrowserTests {
    @Test(
        "every page is accessible by day and by night, fits 320 pixels, and asks nobody else",
        arguments: [("accepted-risk", false), ("tampered-artifact", true)])
    func pages(scenario: String, isSandbox: Bool) async throws {
        try await withOpenConsole(scenario, isSandbox: isSandbox) { address in
            let pictures = environmentVariable("CLOSEOUT_SCREENSHOTS") ?? ""
            let seen = try JSON(
                parsing: try await runSuccessfully(
                    pythonTool,
                    [
                        repositoryRoot + "/Tests/ConsoleTests/Oracles/pages.py",
                        repositoryRoot + "/Tests/ReportsTests/Oracles", browser, address, pictures,
                    ]))
            #expect(seen["violations"] == [])
            #expect(seen["wide"] == [])
            #expect(seen["elsewhere"] == [])
            #expect(seen["complaints"] == [])
            guard case .array(let titles) = seen["titles"] else { return #expect(Bool(false)) }
            #expect(titles.count == Place.allCases.count { isSandbox || !$0.isOfSandbox })
            let verdict = try Scenario.load(scenario).promise.verdict
            guard case .string(let again) = seen["again"] else { return #expect(Bool(false)) }
            #expect(String(decoding: again, as: UTF8.self).contains(verdict.rawValue))
            #expect(seen["focus"] == true)
        }
    }

    @Test("so is every page about several bundles")
    func collection() async throws {
        try await withCollection(isOpened: false) { scene in
            let seen = try JSON(
                parsing: try await runSuccessfully(
                    pythonTool,
                    [
                        repositoryRoot + "/Tests/ConsoleTests/Oracles/pages.py",
                        repositoryRoot + "/Tests/ReportsTests/Oracles", browser, scene.address,
                        environmentVariable("CLOSEOUT_SCREENSHOTS") ?? "", "several",
                    ]))
            #expect(seen["violations"] == [])
            #expect(seen["wide"] == [])
            #expect(seen["elsewhere"] == [])
            #expect(seen["complaints"] == [])
            guard case .array(let titles) = seen["titles"] else { return #expect(Bool(false)) }
            #expect(titles.count == IndexPlace.allCases.count)
            #expect(seen["digest"] == true)
        }
    }

    /// Runs a console whose address nobody has opened.
    private func withOpenConsole(
        _ scenario: String, isSandbox: Bool, _ body: (String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let now = try instant()
            let sandbox = try await Sandbox(scenario, in: Array(folder.utf8), now: { now })
            let subject = try sandbox.subject()
            try await withConsole(
                in: folder, isOpened: false,
                server: {
                    isSandbox
                        ? try ConsoleServer(sandbox, settings: $0)
                        : ConsoleServer(subject, settings: $0)
                }
            ) { scene in
                try await body(scene.address)
            }
        }
    }
}
