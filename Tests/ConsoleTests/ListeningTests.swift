import CloseoutConsole
import CloseoutEncodings
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("Where a console listens", .requires("curl"), .requires("python3"))
struct ListeningTests {
    @Test("with a certificate it speaks TLS alone, and its cookie is for this host and TLS")
    func tls() async throws {
        try await withServerCertificate { certified, root in
            let tls = try ConsoleTLS(certificate: certified.certificate(), key: certified.key())
            let trusting = ["--cacert", root.own.path]
            try await withPlainConsole(
                by: trusting,
                changing: {
                    $0.tls = tls
                    $0.idleTime = .seconds(1)
                }
            ) { scene in
                #expect(scene.home == "https://127.0.0.1:\(scene.port)")
                #expect(scene.cookie.hasPrefix("__Host-closeout-\(scene.port)="))
                #expect(try await scene.get("/").status == 200)
                #expect(try await scene.post("/verify", "").status == 303)
                let plainOrigin = try await scene.get(
                    "/verify",
                    ["-X", "POST", "--data", "", "-H", "Origin: http://127.0.0.1:\(scene.port)"])
                #expect(plainOrigin.status == 403)
                let old = try await run(
                    "curl",
                    ["-sS", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", scene.home]
                        + trusting)
                #expect(old.status != 0)
                let plain = try await run("curl", ["-sS", "http://127.0.0.1:\(scene.port)/"])
                #expect(plain.status != 0 && plain.stdout.isEmpty)
                // Whoever says nothing, or stops within the handshake, is not waited for.
                #expect(try await scene.raw("").isEmpty)
                _ = try await scene.raw("\u{16}\u{3}\u{1}\u{2}")
                #expect(try await scene.get("/").status == 200)
            }
        }
    }

    @Test("a certificate that is none, or whose key is another, is refused")
    func certificates() async throws {
        try await withServerCertificate { certified, root in
            let certificate = try certified.certificate()
            for (chain, key) in [
                (certificate, try root.own.key()), (certificate, []), ([], try certified.key()),
                (try certified.key(), certificate),
            ] {
                #expect(throws: ConsoleError.self) { try ConsoleTLS(certificate: chain, key: key) }
            }
        }
    }

    @Test("behind a proxy its public address is its only one, whatever the proxy says beside")
    func publicAddress() async throws {
        let address = try PublicURL("https://closeout.example.com")
        try await withPlainConsole(changing: { $0.publicURL = address }) { scene in
            #expect(scene.address.hasPrefix("https://closeout.example.com/open?token="))
        }
    }

    @Test(
        "on a socket it answers under its public address alone, and others cannot enter its folder")
    func socket() async throws {
        try await withTemporaryDirectory { folder in
            try makeDirectory(folder + "/own")
            _ = try await run("chmod", ["700", folder + "/own"])
            let path = folder + "/own/console.sock"
            let address = try PublicURL("http://localhost")
            try await withPlainConsole(
                by: ["--unix-socket", path],
                changing: {
                    $0.socket = Array(path.utf8)
                    $0.publicURL = address
                }
            ) { scene in
                #expect(scene.cookie.hasPrefix("closeout="))
                #expect(try await scene.get("/").status == 200)
                #expect(try await scene.post("/verify", "").status == 303)
                for lines in [
                    ["Host: 127.0.0.1"], ["Host: localhost:80"],
                    ["Host: evil.example", "X-Forwarded-Host: localhost"],
                    ["Host: evil.example", "Forwarded: host=localhost"],
                ] {
                    let reply = try await scene.get("/", lines.flatMap { ["-H", $0] })
                    #expect(reply.status == 421, "\(lines)")
                }
                let forwarded = try await scene.get(
                    "/", ["-H", "X-Forwarded-Host: evil.example", "-H", "X-Forwarded-Proto: https"])
                #expect(forwarded.status == 200 && !forwarded.head.contains("Secure"))

                var second = ConsoleSettings()
                second.socket = Array(path.utf8)
                second.publicURL = address
                let other = second
                await #expect(throws: ConsoleError.self) {
                    try await ConsoleServer(plainSubject(), settings: other).run { _ in }
                }
                #expect(try await scene.get("/").status == 200)
            }
            #expect(!fileExists(path))
            // One that a console left which was killed.
            _ = try await runSuccessfully(
                "python3",
                ["-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path])
            try await withPlainConsole(
                by: ["--unix-socket", path],
                changing: {
                    $0.socket = Array(path.utf8)
                    $0.publicURL = address
                }
            ) { scene in
                let reply = try await scene.get("/")
                #expect(reply.status == 200)
            }
            try writeFile("kept", to: path)
            var settings = ConsoleSettings()
            settings.socket = Array(path.utf8)
            settings.publicURL = address
            let taken = settings
            await #expect(throws: ConsoleError.self) {
                try await ConsoleServer(plainSubject(), settings: taken).run { _ in }
            }
            #expect(try readFile(path) == Array("kept".utf8))
            _ = try await run("chmod", ["755", folder + "/own"])
            #expect(throws: ConsoleError.self) { try taken.confirm() }
        }
    }

    @Test("what would expose it is refused before it listens")
    func exposure() throws {
        func isRefused(_ change: (inout ConsoleSettings) throws -> Void) throws -> Bool {
            var settings = ConsoleSettings()
            try change(&settings)
            do throws(ConsoleError) {
                try settings.confirm()
                return false
            } catch {
                return error.isUsage
            }
        }
        for text in ["0.0.0.0", "::", "192.0.2.1", "10.0.0.1", "::ffff:127.0.0.1", "169.254.1.1"] {
            let address = try #require(IPAddress(text))
            #expect(try isRefused { $0.address = address }, "\(text)")
        }
        for text in ["127.0.0.1", "127.1.2.3", "::1"] {
            let address = try #require(IPAddress(text))
            #expect(try !isRefused { $0.address = address }, "\(text)")
        }
        #expect(try isRefused { $0.socket = Array("/nowhere/x".utf8) })
    }

    @Test(
        "a public address has one form",
        arguments: [
            "closeout.example.com", "http://closeout.example.com", "https://", "https://a/b",
            "https://a?b", "https://a#b", "https://u@a", "https://A.example", "https://a.example.",
            "https://a:443", "http://localhost:80", "https://a:0", "https://a:70000",
            "https://a:08",
            "https://a:", "https://[::1", "https://1", "https://a b", "ftp://a", "https://a//",
        ])
    func publicURLs(text: String) {
        #expect(throws: ConsoleError.self) { try PublicURL(text) }
    }

    @Test("public addresses that browsers send")
    func goodURLs() throws {
        for (text, authority) in [
            ("https://closeout.example.com", "closeout.example.com"),
            ("https://closeout.example.com:8443/", "closeout.example.com:8443"),
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443"),
            ("http://[::1]:1", "[::1]:1"), ("http://localhost", "localhost"),
        ] {
            #expect(try PublicURL(text).authority == authority)
        }
    }
}

/// A subject that is made at once.
private func plainSubject() throws -> ConsoleSubject {
    let now = try instant()
    return ConsoleSubject(
        path: Array((repositoryRoot + "/fixtures/released/key/bundle").utf8),
        request: VerificationRequest(trust: Trust(), asOf: now), recheck: RecheckRequest(),
        command: "closeout verify BUNDLE", now: { now })
}
