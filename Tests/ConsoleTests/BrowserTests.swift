import CloseoutEncodings
import CloseoutFiles
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
            // A console of a bundle has the page of changes too; two documents are looked at in both.
            let more = isSandbox ? 2 : 3
            #expect(titles.count == Place.allCases.count { isSandbox || !$0.isOfSandbox } + more)
            let verdict = try Scenario.load(scenario).promise.verdict
            guard case .string(let again) = seen["again"] else { return #expect(Bool(false)) }
            #expect(String(decoding: again, as: UTF8.self).contains(verdict.rawValue))
            #expect(seen["focus"] == true)
        }
    }

    @Test("a bundle full of what others wrote fits 320 pixels, and runs nothing")
    func hostile() async throws {
        try await withConsole(
            "accepted-risk",
            preparing: { folder in
                _ = try await runSuccessfully(
                    "python3",
                    [
                        repositoryRoot + "/Tests/ConsoleTests/Oracles/hostile.py",
                        folder + "/payments-1.4.0.closeout",
                    ])
            }
        ) { scene in
            #expect(try await scene.page().contains("&lt;script&gt;alert(1)"))
            let paths = Place.allCases.filter { !$0.isOfSandbox }.map(\.rawValue)
            let seen = try JSON(
                parsing: try await runSuccessfully(
                    pythonTool,
                    [
                        repositoryRoot + "/Tests/ConsoleTests/Oracles/harmless.py",
                        repositoryRoot + "/Tests/ReportsTests/Oracles", browser,
                        "http://127.0.0.1:\(scene.port)", scene.cookie,
                    ] + paths))
            #expect(seen["wide"] == [])
            #expect(seen["strange"] == [])
            #expect(seen["complaints"] == [])
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
            #expect(titles.count == IndexPlace.allCases.count + 3)
            #expect(seen["digest"] == true)
        }
    }

    @Test(
        "people log in at a real provider, see what their groups may, and log out",
        arguments: [
            ("ada", "auditor"), ("vera", "viewer"), ("otto", nil),
        ])
    func login(name: String, role: String?) async throws {
        try await withServerCertificate { certified, root in
            let place = root.folder + "/issuer"
            let port = try await freePort()
            let home = "http://localhost:\(port)"
            let script = repositoryRoot + "/Tests/ConsoleTests/Oracles/provider.py"
            try await withService(
                pythonTool, [script, certified.path, certified.keyPath, home, place],
                isReady: { fileExists(place) }
            ) {
                let issuer = String(decoding: try readFile(place), as: UTF8.self)
                let login = try loginSettings(
                    issuer: issuer, secret: "s3cret-of-the-console", authority: root)
                let address = try PublicURL(home)
                let start = try instant()
                let clock: @Sendable () -> Instant = {
                    Instant(secondsSince1970: Machine.secondsSince1970()) ?? start
                }
                try await withConsole(
                    isOpened: false, clock: clock,
                    changing: {
                        $0.port = Int(port) ?? 0
                        $0.publicURL = address
                        $0.login = login
                    }
                ) { scene in
                    let seen = try JSON(
                        parsing: try await runSuccessfully(
                            pythonTool,
                            [
                                repositoryRoot + "/Tests/ConsoleTests/Oracles/login.py",
                                repositoryRoot + "/Tests/ReportsTests/Oracles", browser,
                                scene.address, name,
                            ]))
                    #expect(seen["violations"] == [])
                    #expect(seen["closed"] == "Not logged in")
                    #expect(seen["provider"] == JSON(issuer))
                    guard let role else {
                        #expect(seen["title"] == "Not logged in")
                        #expect(seen["cookies"] == [])
                        return
                    }
                    #expect(seen["at"] == "/")
                    #expect(seen["cookies"] == [[JSON("closeout-\(port)"), true, "Strict"]])
                    guard case .string(let text) = seen["session"] else {
                        return #expect(Bool(false))
                    }
                    let words = String(decoding: text, as: UTF8.self)
                    #expect(words.contains("\(name), by \(issuer), as \(role)."))
                    #expect(seen["out"] == "Logged out")
                    #expect(seen["after"] == "Not logged in")
                }
            }
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
                changing: {
                    $0.documents = Array((repositoryRoot + "/docs").utf8)
                    $0.allowsChanges = !isSandbox
                },
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
