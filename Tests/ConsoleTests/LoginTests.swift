import CloseoutConsole
import CloseoutEncodings
import CloseoutTestSupport
import Synchronization
import Testing

@Suite("Logging in to a console", .serialized, .requires("curl"), .requires(pythonTool))
struct LoginTests {
    /// Tokens that are believed, and whose they are.
    static let good = ["good", "ec", "ed", "audience-list", "one-group", "skew"]

    /// Tokens that are not believed, and why.
    static let bad = [
        ("none", "token.algorithm"), ("None", "token.algorithm"), ("hmac", "token.algorithm"),
        ("shared", "token.algorithm"), ("not-allowed", "token.algorithm"),
        ("not-allowed-pss", "token.algorithm"), ("unknown-kid", "token.key-unknown"),
        ("no-kid", "token.key-unnamed"), ("weak", "token.key-unknown"),
        ("sealing", "token.key-unknown"), ("swapped", "token.key-of-other-use"),
        ("bound", "token.key-of-other-use"), ("other-key", "token.signature"),
        ("changed", "token.signature"), ("der", "token.signature"),
        ("no-signature", "token.signature"),
        ("critical", "token.critical"), ("access-token", "token.type"),
        ("audience", "token.audience"), ("audiences", "token.audience"),
        ("no-audience", "token.audience"), ("party", "token.authorized-party"),
        ("issuer", "token.issuer"), ("expired", "token.expired"), ("future", "token.not-yet"),
        ("not-before", "token.not-yet"), ("no-expiry", "token.malformed"),
        ("text-expiry", "token.malformed"), ("nonce", "token.nonce"), ("no-nonce", "token.nonce"),
        ("no-subject", "token.subject"), ("empty-subject", "token.subject"),
        ("number-subject", "token.malformed"), ("twice", "token.malformed"),
        ("twice-escaped", "token.malformed"), ("behind", "token.malformed"),
        ("padded", "token.malformed"), ("spare-bits", "token.malformed"),
        ("two-parts", "token.malformed"), ("four-parts", "token.malformed"),
        ("large", "token.too-large"), ("left-out", "groups-left-out"), ("no-role", "no-role"),
        ("no-groups", "no-role"), ("refused", "provider"), ("no-token", "provider"),
        ("no-json", "provider"),
    ]

    @Test("tokens are believed by their signature and all of their claims, and no others are")
    func tokens() async throws {
        try await withLogin { login in
            for name in Self.good {
                let scene = try await login.session(name)
                #expect(try await scene.get("/session").body.contains("user-1"), "\(name)")
            }
            #expect(
                login.scene.log.text.contains(
                    #""event":"login","roles":["auditor"],"subject":"user-1""#))
            for (name, reason) in Self.bad {
                let reply = try await login.logIn(name)
                #expect(reply.status == (reason == "provider" ? 502 : 403), "\(name)")
                #expect(!reply.head.contains("SameSite=Strict"), "\(name)")
                let line = login.scene.log.text.split(separator: "\n").last {
                    $0.contains("login-refused")
                }
                #expect(
                    line?.contains("\"reason\":\"\(reason)\"") == true, "\(name): \(line ?? "")")
            }
            // A key that the token brings along counts for nothing beside the one of the set.
            #expect(try await login.logIn("own-key").status == 200)
        }
    }

    @Test("a login ends once, in the browser that began it, and within ten minutes")
    func binding() async throws {
        let now = Mutex(try instant())
        try await withLogin(clock: { now.withLock { $0 } }) { login in
            let first = try await login.begin()
            let second = try await login.begin()
            for (attempt, state, cookie) in [
                (first, first.state, ""), (first, first.state, second.cookie),
                (first, second.state, first.cookie), (first, "", first.cookie),
                (first, first.state + "&state=" + first.state, first.cookie),
                (first, first.state, first.cookie + "0"),
            ] {
                let reply = try await login.finish(attempt, "good", state: state, cookie: cookie)
                #expect(reply.status == 403 && reply.body.contains("did not begin in this browser"))
            }
            // Nonce of one login, everything else of another.
            let mixed = LoginScene.Attempt(
                state: second.state, nonce: first.nonce, challenge: second.challenge,
                cookie: second.cookie)
            #expect(try await login.finish(mixed, "good").body.contains("it is of another login"))
            #expect(try await login.finish(second, "good").status == 403)
            #expect(try await login.finish(first, "good").status == 200)
            let again = try await login.finish(first, "good")
            #expect(again.status == 403 && again.body.contains("was used before"))
            let late = try await login.begin()
            now.withLock { $0 = $0.adding(seconds: 601) ?? $0 }
            #expect(try await login.finish(late, "good").status == 403)
            let declined = try await login.begin()
            let reply = try await login.scene.get(
                "/callback?state=\(declined.state)&error=access_denied%3Cb%3E",
                ["-H", "Cookie: \(declined.cookie)"], isOpened: false)
            #expect(reply.status == 403 && reply.body.contains("access_denied&lt;b&gt;"))
            let other = try await login.begin()
            let mixUp = try await login.finish(
                other, "good", more: "&iss=https%3A%2F%2Fevil.example")
            #expect(mixUp.status == 403 && mixUp.body.contains("not from the provider"))
        }
    }

    @Test("who is not logged in sees nothing of the bundle, not even its name")
    func closed() async throws {
        try await withLogin { login in
            for path in [
                "/", "/none", "/api/report", "/events", "/open?token=x", "/console.js", "/%zz",
                "/session",
            ] {
                let reply = try await login.scene.get(path, isOpened: false)
                #expect([400, 403].contains(reply.status), "\(path)")
                #expect(!reply.body.contains("payments") && !reply.body.contains("closeout</code>"))
                #expect(reply.body.contains("href=\"/login\""))
            }
            #expect(try await login.scene.get("/style.css", isOpened: false).status == 200)
            #expect(try await login.scene.post("/verify", "").status == 403)
            #expect(try await login.scene.post("/login", "").status == 403)
            let foreign = try await login.scene.get(
                "/login", ["-H", "Host: localhost:\(login.scene.port)"], isOpened: false)
            #expect(foreign.status == 421 && foreign.field("Location") == nil)
        }
    }

    @Test("a session ends by logging out, by doing nothing and by its time")
    func sessions() async throws {
        let now = Mutex(try instant())
        try await withLogin(
            clock: { now.withLock { $0 } },
            more: [JSONMember("session_minutes", 5), JSONMember("idle_minutes", 2)]
        ) { login in
            let scene = try await login.session("good")
            #expect(try await scene.get("/").status == 200)
            let cross = try await scene.get(
                "/logout", ["-X", "POST", "-H", "Origin: https://evil.example"])
            #expect(cross.status == 403)
            #expect(try await scene.get("/").status == 200)
            let reply = try await scene.post("/logout", "")
            #expect(reply.status == 200 && reply.field("Set-Cookie")?.contains("Max-Age=0") == true)
            #expect(try await scene.get("/").status == 403)

            let idle = try await login.session("good")
            now.withLock { $0 = $0.adding(seconds: 119) ?? $0 }
            #expect(try await idle.get("/").status == 200)
            now.withLock { $0 = $0.adding(seconds: 120) ?? $0 }
            #expect(try await idle.get("/").status == 403)
        }
        let start = try instant()
        now.withLock { $0 = start }
        try await withLogin(
            clock: { now.withLock { $0 } }, more: [JSONMember("session_minutes", 3)]
        ) { login in
            let scene = try await login.session("good")
            now.withLock { $0 = $0.adding(seconds: 179) ?? $0 }
            let reply = try await scene.get("/")
            #expect(reply.status == 200, "\(reply.head) \(reply.body)")
            now.withLock { $0 = $0.adding(seconds: 1) ?? $0 }
            #expect(try await scene.get("/").status == 403)
        }
    }

    @Test("a viewer sees the copy for everyone, and nobody else's pages")
    func roles() async throws {
        try await withLogin { login in
            let auditor = try await login.session("good")
            let viewer = try await login.session("viewer")
            let approver = try await login.session("approver")
            for scene in [auditor, approver] {
                #expect(try await scene.page("/risks").contains("told by telephone"))
            }
            _ = try await viewer.page("/")
            let whole = try await auditor.get("/api/report").body
            let part = try await viewer.get("/api/report").body
            #expect(whole.contains("risk-acceptance") && whole != part)
            for path in [
                "/risks", "/records", "/criteria", "/", "/evidence", "/retention", "/checks",
            ] {
                let page = try await viewer.page(path)
                #expect(!page.contains("told by telephone"), "\(path)")
                #expect(page != (try await auditor.page(path)), "\(path)")
            }
            // What the pages of others link to is not there for a viewer.
            let links = try await auditor.page("/records") + auditor.page("/evidence")
            var withheld = 0
            for kind in ["record", "file"] {
                let digests = Set(
                    links.split(separator: "/\(kind)?digest=").dropFirst().map { $0.prefix(64) })
                for digest in digests {
                    let path = "/\(kind)?digest=\(digest)"
                    #expect(try await auditor.get(path).status == 200)
                    if try await viewer.get(path).status == 404 { withheld += 1 }
                }
            }
            #expect(withheld > 1)
        }
    }

    @Test("settings that are wrong are refused with their place, and no value is repeated")
    func settings() async throws {
        let good: [JSONMember] = [
            JSONMember("kind", "closeout/login/v1"), JSONMember("issuer", "https://id.example.com"),
            JSONMember("client_id", "closeout"), JSONMember("roles", ["viewer": ["g"]]),
        ]
        func refusal(_ members: [JSONMember]) -> String {
            let names = members.map(\.key)
            let all = good.filter { !names.contains($0.key) } + members
            do {
                _ = try LoginSettings(parsing: JSON.object(all).canonicalBytes) { _ in [] }
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(refusal([]) == "")
        let wrong: [(String, JSON)] = [
            ("kind", "closeout/login/v2"), ("issuer", "http://id.example.com"),
            ("issuer", "https://id.example.com/?a=b"), ("issuer", "https://user@id.example.com"),
            ("client_id", ""), ("client_secret", "hunter2"),
            ("client_secret", ["env": "X", "file": "y"]),
            ("client_secret", ["env": "EMPTY"]), ("algorithms", ["none"]),
            ("algorithms", ["HS256"]),
            ("algorithms", []), ("keys_file", "empty"), ("scopes", ["groups"]), ("roles", [:]),
            ("roles", ["admin": ["g"]]), ("session_minutes", 0), ("ports", [0]), ("ports", []),
            ("allow_addresses", ["10.0.0.0/33"]), ("ca_file", "empty"), ("more", 1),
            ("client_authentication", "jwt"),
        ]
        for (name, value) in wrong {
            let text = refusal([JSONMember(name, value)])
            #expect(text.contains(name) && !text.contains("hunter2"), "\(name): \(text)")
        }
    }
}
