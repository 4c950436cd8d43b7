import CloseoutEncodings
import CloseoutOpenSSL
import HTTPTypes
import Synchronization

/// Where people log in and out (docs/console.md, "Logging in").
///
/// A browser is sent to the provider, which sends it back with a code; the code is exchanged for a token, and the
/// token for a session.
final class LoginDesk: Sendable {
    /// The paths that are asked for without a session.
    static let paths = ["/login", "/callback", "/style.css"].map(\.utf8)

    static let login = "/login"
    static let callback = "/callback"
    static let logout = "/logout"
    private static let style = "/style.css"
    /// The most codes that are being exchanged at a time.
    private static let mostExchanges = 16

    private let settings: LoginSettings
    private let home: String
    private let now: @Sendable () -> Instant
    private let log: AccessLog
    private let templates: Templates
    private let provider: Provider
    private let attempts: LoginAttempts
    private let sessions: Sessions
    private let sessionCookie: ConsoleCookie
    private let attemptCookie: ConsoleCookie
    private let exchanges = Mutex(0)

    /// - Parameters:
    ///   - settings: The provider, and who may what.
    ///   - address: Where browsers reach the console.
    ///   - name: What its cookies are called.
    ///   - log: Takes who logs in, and its clock says when.
    ///   - templates: Those of pages.
    ///   - attempts: Keeps the logins that browsers begin.
    init(
        _ settings: LoginSettings, at address: PublicURL, cookie name: String, log: AccessLog,
        _ templates: Templates, attempts: LoginAttempts
    ) {
        self.settings = settings
        home = address.text
        now = log.now
        self.log = log
        self.templates = templates
        provider = Provider(settings)
        self.attempts = attempts
        sessions = Sessions(idleTime: settings.idleTime)
        sessionCookie = ConsoleCookie(name, isSecure: address.isSecure)
        attemptCookie = ConsoleCookie(name + "-login", isSecure: address.isSecure)
    }

    /// Who is logged in, by the cookies of a request; nil where nobody is.
    func visitor(_ cookies: [String]) -> Visitor? {
        let now = now()
        return secrets(cookies).lazy.compactMap { self.sessions.visitor($0, at: now) }.first
    }

    /// What one of `paths` is answered with.
    func answer(_ head: HTTPRequest, _ path: String, _ query: FormFields) async -> Answer {
        switch path {
        case Self.style: return Answer(Assets.style, MediaName.style)
        case Self.login:
            do throws(LoginRefusal) {
                return try await begin()
            } catch {
                return refused(error)
            }
        default:
            do throws(LoginRefusal) {
                return try await finish(query, head.headerFields[values: .cookie])
            } catch {
                var answer = refused(error)
                answer.fields.append(("Set-Cookie", attemptCookie.line("", to: .leading, for: 0)))
                return answer
            }
        }
    }

    /// Ends the sessions of a request.
    func end(_ cookies: [String]) -> Answer {
        for secret in secrets(cookies) { sessions.end(secret) }
        log.add("logout")
        var answer = page(
            "Logged out", "This browser is not logged in to the console any more.",
            hint: "The provider may still know you: log out there too, if others use this browser.")
        answer.fields.append(("Set-Cookie", sessionCookie.line("", to: .own, for: 0)))
        return answer
    }

    /// What somebody sees who is not logged in.
    func closed(_ refusal: Gate.Refusal) -> Answer {
        var answer = page(refusal.words.title, refusal.words.text, hint: refusal.words.hint)
        answer.status = refusal.status
        return answer
    }

    private func secrets(_ cookies: [String]) -> [[UInt8]] {
        Array(cookies.lazy.flatMap { self.sessionCookie.values(in: $0) }.prefix(4))
    }

    private func begin() async throws(LoginRefusal) -> Answer {
        let place = try await exchanging { () async throws(LoginRefusal) in
            try await self.provider.described().authorizationURL
        }
        do throws(OpenSSLError) {
            let attempt = try attempts.begin(at: now())
            let fields: [(String, String)] = [
                ("response_type", "code"), ("client_id", settings.clientID),
                ("redirect_uri", home + Self.callback),
                ("scope", settings.scopes.joined(separator: " ")), ("state", attempt.state),
                ("nonce", attempt.nonce), ("code_challenge", try attempt.challenge),
                ("code_challenge_method", "S256"),
            ]
            let query = formEncoded(fields.map { ($0, Array($1.utf8)) })
            var answer = Answer(
                seeing: place + (place.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + query)
            answer.fields.append(
                (
                    "Set-Cookie",
                    attemptCookie.line(attempt.cookie, to: .leading, for: LoginAttempts.longest)
                ))
            return answer
        } catch {
            throw .busy
        }
    }

    private func finish(_ query: FormFields, _ cookies: [String]) async throws(LoginRefusal)
        -> Answer
    {
        let attempt = try attempt(query, cookies)
        let described = try await provider.described()
        // A mix-up of providers shows in the issuer (RFC 9207).
        if let issuer = query["iss"] {
            guard issuer.isEqual(to: settings.issuer) else { throw .issuer }
        } else if described.namesIssuer || query.has("iss") {
            throw .issuer
        }
        if query.has("error") {
            throw .declined(printable(Array((query["error"] ?? []).prefix(64))))
        }
        guard let code = query["code"], (1...4_096).contains(code.count) else {
            throw .declined("it sent no code")
        }
        let token = try await exchanging { () async throws(LoginRefusal) in
            try await self.provider.token(
                for: code, verifier: attempt.verifier, sentTo: self.home + Self.callback)
        }
        let visitor = try await visitor(token, attempt)
        let secret: String?
        do {
            secret = try sessions.begin(visitor, at: now(), for: settings.sessionTime)
        } catch {
            throw .busy
        }
        guard let secret else { throw .busy }
        log.add(
            "login",
            [
                JSONMember("subject", JSON(printable(visitor.person?.subject ?? ""))),
                JSONMember(
                    "roles",
                    .array(
                        ConsoleRole.allCases.filter(visitor.roles.contains).map {
                            JSON($0.rawValue)
                        })),
            ])
        // The browser comes from another site, and sends the new cookie only with what a page of this one asks for.
        var answer = page("Logged in", "You are logged in to the console.", leadsOn: true)
        answer.fields += [
            ("Set-Cookie", sessionCookie.line(secret, to: .own, for: settings.sessionTime)),
            ("Set-Cookie", attemptCookie.line("", to: .leading, for: 0)),
        ]
        return answer
    }

    /// The login that a browser comes back from.
    private func attempt(
        _ query: FormFields, _ cookies: [String]
    ) throws(LoginRefusal) -> LoginAttempts.Attempt {
        guard let state = query["state"] else { throw .attempt }
        let found: LoginAttempts.Attempt?
        do {
            found = try attempts.use(
                cookies.flatMap { attemptCookie.values(in: $0) }, state: state, at: now())
        } catch {
            throw .busy
        }
        guard let found else { throw .attempt }
        return found
    }

    /// Who a token says that somebody is, and what they may.
    private func visitor(
        _ text: [UInt8], _ attempt: LoginAttempts.Attempt
    ) async throws(LoginRefusal) -> Visitor {
        let demands = IDToken.Demands(
            issuer: settings.issuer, clientID: settings.clientID, algorithms: settings.algorithms,
            groupsClaim: settings.groupsClaim, nonce: Array(attempt.nonce.utf8), now: now())
        let token = try await believed(text, demands)
        guard !token.lacksGroups else { throw .groupsLeftOut }
        let roles = settings.roles(of: token.groups)
        guard !roles.isEmpty else { throw .noRole }
        return Visitor(
            person: Person(issuer: settings.issuer, subject: token.subject), roles: roles)
    }

    /// A token that is believed, by keys that are fetched anew where it names one that is not among them.
    private func believed(
        _ text: [UInt8], _ demands: IDToken.Demands
    ) async throws(LoginRefusal) -> IDToken {
        for areStale in [false, true] {
            let keys = try await provider.keys(areStale: areStale)
            do throws(IDToken.Refusal) {
                return try IDToken(text, signedBy: keys, demands)
            } catch {
                guard error == .keyUnknown, !areStale else { throw .token(error) }
            }
        }
        throw .token(.keyUnknown)
    }

    private func exchanging<Value: Sendable>(
        _ body: () async throws(LoginRefusal) -> Value
    ) async throws(LoginRefusal) -> Value {
        let isFree = exchanges.withLock { count in
            guard count < Self.mostExchanges else { return false }
            count += 1
            return true
        }
        guard isFree else { throw .busy }
        defer { exchanges.withLock { $0 -= 1 } }
        return try await body()
    }

    private func refused(_ refusal: LoginRefusal) -> Answer {
        log.add("login-refused", [JSONMember("reason", JSON(refusal.code))])
        var answer = page("Not logged in", refusal.words.text, hint: refusal.words.hint)
        answer.status = refusal.status
        return answer
    }

    private func page(
        _ title: String, _ text: String, hint: String = "", leadsOn: Bool = false
    ) -> Answer {
        Answer(
            templates.fill(
                "login",
                [
                    "title": title, "text": text, "hint": hint, "hasHint": !hint.isEmpty,
                    "leadsOn": leadsOn,
                ]))
    }
}
