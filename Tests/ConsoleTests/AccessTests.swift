import CloseoutTestSupport
import Testing

@Suite("Who may ask a console", .requires("curl"))
struct AccessTests {
    @Test("the address opens it once, for a cookie that scripts and other sites never get")
    func opening() async throws {
        try await withPlainConsole { scene in
            let path = String(scene.address.dropFirst("http://127.0.0.1:\(scene.port)".count))
            #expect(scene.cookie.hasPrefix("closeout-\(scene.port)="))
            let again = try await scene.get(path, isOpened: false)
            #expect(again.status == 403 && again.field("Set-Cookie") == nil)
            let plain = try await scene.get("/", isOpened: false)
            #expect(plain.status == 403 && plain.body.contains("has not opened the console"))
            #expect(try await scene.get("/").status == 200)
            #expect(!scene.log.text.contains("token="))
            for cookie in ["closeout-\(scene.port)=", scene.cookie + "0", "x=\(scene.cookie)"] {
                let reply = try await scene.get("/", ["-H", "Cookie: \(cookie)"], isOpened: false)
                #expect(reply.status == 403, "\(cookie)")
            }
        }
    }

    @Test("every answer forbids the browser what pages of the console never do")
    func protection() async throws {
        try await withPlainConsole { scene in
            for (path, isOpened) in [
                ("/", true), ("/none", true), ("/", false), ("/style.css", true),
            ] {
                let reply = try await scene.get(path, isOpened: isOpened)
                let policy = try #require(reply.field("Content-Security-Policy"))
                #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(reply.field("X-Content-Type-Options") == "nosniff")
                #expect(reply.field("Cache-Control") == "no-store")
                #expect(reply.field("Cross-Origin-Resource-Policy") == "same-origin")
            }
        }
    }

    @Test(
        "a request that was sent to another name is refused on every path",
        arguments: [
            "evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "127.0.0.1:PORT.evil.example",
            "LOCALHOST:PORT", "127.0.0.1:0PORT", "[::1]:PORTx", "",
        ], ["/", "/style.css", "/none", "/open?token=x"])
    func host(name: String, path: String) async throws {
        try await withPlainConsole { scene in
            let name = name.replacing("PORT", with: scene.port)
            let reply = try await scene.get(path, ["-H", "Host: \(name)"])
            #expect(reply.status == 421 || reply.status == 400, "\(reply.head)")
            #expect(!reply.body.contains("VERIFIED"))
        }
    }

    @Test("each of its own names is accepted, and no second one beside it")
    func ownNames() async throws {
        try await withPlainConsole { scene in
            for name in ["127.0.0.1", "localhost", "[::1]"] {
                let reply = try await scene.get("/", ["-H", "Host: \(name):\(scene.port)"])
                #expect(reply.status == 200)
            }
            let two = try await scene.raw(
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(scene.port)\r\nHost: evil.example\r\n"
                    + "Cookie: \(scene.cookie)\r\nConnection: close\r\n\r\n")
            #expect(two.hasPrefix("HTTP/1.1 421") || two.hasPrefix("HTTP/1.1 400"))
            let none = try await scene.raw(
                "GET / HTTP/1.1\r\nCookie: \(scene.cookie)\r\nConnection: close\r\n\r\n")
            #expect(none.hasPrefix("HTTP/1.1 421") || none.hasPrefix("HTTP/1.1 400"))
            let absolute = try await scene.raw(
                "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n"
                    + "Cookie: \(scene.cookie)\r\nConnection: close\r\n\r\n")
            #expect(!absolute.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test(
        "nothing is done for a page of another site or another port",
        arguments: [
            ["Origin: https://evil.example"], ["Origin: http://127.0.0.1:1"], ["Origin: null"], [],
            ["Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: same-site"],
            ["Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: cross-site"],
            ["Origin: http://localhost:PORT"],
            ["Origin: http://127.0.0.1:PORT", "Origin: https://evil.example"],
        ])
    func otherPage(fields: [String]) async throws {
        try await withPlainConsole { scene in
            let fields = fields.flatMap { ["-H", $0.replacing("PORT", with: scene.port)] }
            let reply = try await scene.get("/verify", ["-X", "POST", "--data", ""] + fields)
            #expect(reply.status == 403, "\(reply.head)")
            #expect(try await scene.post("/verify", "").status == 303)
        }
    }

    @Test("other methods are refused", arguments: ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
    func methods(method: String) async throws {
        try await withPlainConsole { scene in
            let reply = try await scene.get("/", ["-X", method])
            #expect(reply.status == 405)
        }
    }

    @Test(
        "no path leads to a file",
        arguments: [
            "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
            "//etc/passwd",
            "/style.css/../../x", "/%00", "/%zz", "/\\..\\x", "/file?digest=../../etc/passwd",
            "/proof?path=../../etc/passwd", "/record?digest=%2e%2e", "/style.css%00", "/Style.css",
            "/?q=%zz",
        ])
    func paths(path: String) async throws {
        try await withPlainConsole { scene in
            _ = try await scene.page()
            let reply = try await scene.get(path)
            #expect([400, 404].contains(reply.status), "\(reply.head)")
            #expect(!reply.body.contains("root:"))
        }
    }
}
