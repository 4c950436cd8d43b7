import CloseoutConsole
import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// A console that people log in to, and a provider that answers with the tokens that a test asks for.
struct LoginScene: Sendable {
    let scene: Scene
    /// The issuer of the provider.
    let issuer: String

    /// A login that a browser has begun.
    struct Attempt {
        let state: String
        let nonce: String
        let challenge: String
        /// The cookie, as a browser sends it.
        let cookie: String

        /// A code for which the provider gives the token of a case.
        func code(_ name: String) -> String { "\(name).\(nonce).\(challenge)" }
    }

    /// Begins a login.
    func begin() async throws -> Attempt {
        let reply = try await scene.get("/login", isOpened: false)
        let place = try #require(reply.field("Location"))
        #expect(reply.status == 303 && place.hasPrefix("\(issuer)/authorize?a=b&"))
        var fields: [String: String] = [:]
        for pair in place.split(separator: "?").last?.split(separator: "&") ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1).map { String($0) }
            fields[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        #expect(fields["response_type"] == "code" && fields["code_challenge_method"] == "S256")
        let cookie = try #require(reply.field("Set-Cookie"))
        #expect(cookie.contains("; HttpOnly; SameSite=Lax"))
        return Attempt(
            state: try #require(fields["state"]), nonce: try #require(fields["nonce"]),
            challenge: try #require(fields["code_challenge"]),
            cookie: String(cookie.prefix { $0 != ";" }))
    }

    /// Comes back from the provider.
    func finish(
        _ attempt: Attempt, _ name: String, state: String? = nil, cookie: String? = nil,
        more: String = ""
    ) async throws -> Reply {
        try await scene.get(
            "/callback?state=\(state ?? attempt.state)&code=\(attempt.code(name))\(more)",
            ["-H", "Cookie: \(cookie ?? attempt.cookie)"], isOpened: false)
    }

    /// Logs in, or tries to.
    func logIn(_ name: String) async throws -> Reply {
        try await finish(try await begin(), name)
    }

    /// The same scene, with the session of somebody who has logged in.
    func session(_ name: String) async throws -> Scene {
        let reply = try await logIn(name)
        #expect(reply.status == 200, "\(reply.body)")
        var scene = scene
        let line = try #require(reply.fields("Set-Cookie").first { !$0.contains("-login=") })
        #expect(line.contains("; HttpOnly; SameSite=Strict"))
        scene.cookie = String(line.prefix { $0 != ";" })
        return scene
    }
}

/// A port that nobody listens on.
func freePort() async throws -> String {
    let script =
        "import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0)); print(s.getsockname()[1])"
    let output = try await runSuccessfully("python3", ["-c", script])
    return String(decoding: output, as: UTF8.self).filter(\.isNumber)
}

/// A certificate for 127.0.0.1 and localhost, with the root that signed it.
func withServerCertificate(
    _ body: (Authority.Certified, Authority) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        let root = try await Authority.root(in: folder)
        let certified = try await root.certify(
            "server",
            [
                "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                "extendedKeyUsage=serverAuth", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            ])
        _ = try await run("chmod", ["600", certified.keyPath])
        try await body(certified, root)
    }
}

/// Settings for a provider on this machine, as a file has them.
func loginSettings(
    issuer: String, secret: String, authority: Authority, more: [JSONMember] = []
) throws -> LoginSettings {
    let port = try #require(Int64(issuer.split(separator: ":").last ?? ""))
    let document = JSON.object(
        [
            JSONMember("kind", "closeout/login/v1"), JSONMember("issuer", JSON(issuer)),
            JSONMember("client_id", "closeout"),
            JSONMember("client_secret", ["env": "SECRET"]),
            JSONMember("scopes", ["openid", "groups"]), JSONMember("ports", [.integer(port)]),
            JSONMember("ca_file", JSON(authority.own.path)),
            JSONMember("allow_addresses", ["127.0.0.0/8"]),
            JSONMember(
                "roles",
                ["viewer": ["everyone"], "approver": ["approvers"], "auditor": ["auditors"]]),
        ] + more)
    return try LoginSettings(parsing: document.canonicalBytes) { source in
        switch source {
        case .environment: Array(secret.utf8)
        case .file(let path), .secretFile(let path): try readFile(path)
        }
    }
}

/// Runs a provider and a console on the bundle of a trial, to which people log in there.
func withLogin(
    _ scenario: String = "accepted-risk", clock: (@Sendable () -> Instant)? = nil,
    more: [JSONMember] = [], changing change: (inout ConsoleSettings) -> Void = { _ in },
    _ body: (LoginScene) async throws -> Void
) async throws {
    try await withServerCertificate { certified, root in
        let place = root.folder + "/issuer"
        let script = repositoryRoot + "/Tests/ConsoleTests/Oracles/forger.py"
        let second = "\(try instant().secondsSince1970)"
        try await withService(
            pythonTool, [script, certified.path, certified.keyPath, second, place],
            isReady: { fileExists(place) }
        ) {
            let issuer = String(decoding: try readFile(place), as: UTF8.self)
            let login = try loginSettings(
                issuer: issuer, secret: "s+cret\n", authority: root, more: more)
            let port = try await freePort()
            let address = try PublicURL("http://127.0.0.1:\(port)")
            try await withConsole(
                scenario, isOpened: false, clock: clock,
                changing: {
                    $0.port = Int(port) ?? 0
                    $0.publicURL = address
                    $0.login = login
                    change(&$0)
                }
            ) { scene in
                #expect(scene.address == "http://127.0.0.1:\(port)/")
                try await body(LoginScene(scene: scene, issuer: issuer))
            }
        }
    }
}
