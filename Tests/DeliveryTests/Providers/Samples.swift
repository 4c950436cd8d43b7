import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound
import Testing

/// Events, routes and answers that the tests share.
enum Samples {
    /// Gives secrets by the names of their variables and files, and `unavailable` for all others.
    struct Source: SecretSource {
        var values: [String: String] = Samples.secrets

        func bytes(of reference: SecretReference) throws(SecretFault) -> [UInt8] {
            let name =
                switch reference {
                case .environment(let name): name
                case .file(let path): path
                case .command(let words): words.joined(separator: " ")
                }
            guard let value = values[name] else { throw .unavailable }
            return Array(value.utf8)
        }
    }

    /// What no output may hold but a request; each with a line end behind it.
    static let secrets = [
        "SLACK_URL": "https://hooks.example.com/services/T0/B0/canary-slack\n",
        "TEAMS_URL": "https://flow.example.com/workflows/canary-teams?sig=canary-teams2\n",
        "TOKEN": "canary-token-0123456789\r\n",
        "PASSWORD": " canary-password \n",
        // base64 of canary-id:canary-key
        "ELASTIC": "Y2FuYXJ5LWlkOmNhbmFyeS1rZXk=\n",
        "WHSEC": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
        "WHSK": "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n",
    ]

    /// The parts of the secrets that are looked for.
    static let canaries = [
        "canary", "Y2FuYXJ5", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    ]

    /// A route of each kind; the members behind `name`.
    static let routes: [ProviderKind: String] = [
        .webhook: """
        "url":"https://hook.example.com/in?x=1",
        "settings":{"signing_secrets":[{"env":"WHSEC"},{"env":"WHSK"}],
        "headers":[{"name":"X-Api-Key","value":{"env":"TOKEN"}},{"name":"X-Team","value":"a b"}]}
        """,
        .slack: #""url":{"env":"SLACK_URL"}"#,
        .teams: #""url":{"env":"TEAMS_URL"}"#,
        .pagerduty: """
        "url":"https://events.example.com","settings":{"routing_key":{"env":"TOKEN"}}
        """,
        .pagerdutyChange: """
        "url":"https://events.example.com","settings":{"routing_key":{"env":"TOKEN"}}
        """,
        .splunk: """
        "url":"https://splunk.example.com:8088","ports":[8088],
        "settings":{"token":{"env":"TOKEN"},"index":"audit"}
        """,
        .elastic: """
        "url":"https://elastic.example.com:9200","ports":[9200],
        "settings":{"api_key":{"env":"ELASTIC"},"index":"closeout-events"}
        """,
        .jira: """
        "url":"https://site.example.com",
        "settings":{"user":"bot@example.com","token":{"env":"TOKEN"},"project":"REL"}
        """,
        .servicenow: """
        "url":"https://now.example.com",
        "settings":{"user":"bot","password":{"env":"PASSWORD"}}
        """,
        .sentinel: """
        "url":"https://dce.example.com",
        "settings":{"tenant":"t-1","client_id":"c-1","client_secret":{"env":"PASSWORD"},
        "rule":"dcr-1","stream":"Custom-Closeout_CL","authority":"https://login.example.com"}
        """,
        .githubGate: """
        "url":"https://api.example.com","settings":{"token":{"env":"TOKEN"}}
        """,
        .syslog: """
        "settings":{"host":"log.example.com","hostname":"build-1","enterprise":32473}
        """,
        .smtp: """
        "settings":{"host":"mail.example.com","user":"bot","password":{"env":"PASSWORD"},
        "from":"closeout@example.com","to":"people@example.org"}
        """,
    ]

    /// A file with the routes of some kinds, each with the name of its kind.
    static func file(_ kinds: [ProviderKind] = ProviderKind.allCases, extra: String = "") -> [UInt8]
    {
        let list = kinds.map { kind in
            """
            {"name":"\(kind.rawValue)","provider":"\(kind.rawValue)",
            "events":["decision","closeout","retention-alert"],\(routes[kind] ?? "")\(extra)}
            """
        }
        return Array(
            #"{"kind":"closeout/routes/v1","routes":[\#(list.joined(separator: ","))]}"#.utf8)
    }

    /// The route of a kind, ready to send.
    static func ready(_ kind: ProviderKind) throws -> ReadyRoute {
        let routes = try Routes(parsing: file([kind]))
        return try #require(routes.routes.first).ready(with: Source())
    }

    /// What makes the requests of a route with these members.
    static func provider(_ kind: String, _ members: String) throws -> any HTTPProvider {
        let text = """
            {"kind":"closeout/routes/v1","routes":[{"name":"a","provider":"\(kind)",
            "events":["decision"],\(members)}]}
            """
        let route = try #require(try Routes(parsing: Array(text.utf8)).routes.first)
        guard case .http(let provider) = try route.ready(with: Source()).provider else {
            throw Absent()
        }
        return provider
    }

    /// What makes the requests of a kind.
    static func http(_ kind: ProviderKind) throws -> any HTTPProvider {
        guard case .http(let provider) = try ready(kind).provider else {
            throw Absent()
        }
        guard kind == .githubGate, let gate = provider as? GitHubGateProvider else {
            return provider
        }
        return try gate.answering(Array(gateEvent().utf8))
    }

    struct Absent: Error {}

    /// GitHub's event.
    static func gateEvent(
        callback: String =
            "https://api.example.com/repos/o/r/actions/runs/7/deployment_protection_rule"
    ) -> String {
        """
        {"action":"requested","environment":"production","x":1.5,
        "deployment_callback_url":"\(callback)","event":"push"}
        """
    }

    /// The kinds over HTTPS.
    static let httpKinds = ProviderKind.allCases.filter { $0 != .syslog && $0 != .smtp }

    /// What names of releases can do to those who show them.
    static let hostile =
        "<!channel> a|b=c]\\ \"q\" \r\nSubject: x\r\n.\u{202E}&<@U1> [l](https://example.org) é"

    static func event(
        _ kind: DeliveryEvent.Kind = .decision, name: String = "example", version: String = "1.0",
        outcome: DeliveryEvent.Outcome = .blocked, findings: [String] = ["RH-SHORT/a", "C4"]
    ) throws -> DeliveryEvent {
        let digest = try SHA256Digest.of(Array("seal".utf8))
        return DeliveryEvent(
            kind: kind, id: "event-1", at: try now(), releaseName: name, releaseVersion: version,
            bundle: digest, record: try SHA256Digest.of(Array("record".utf8)), outcome: outcome,
            severity: .high, counts: .init(pass: 3, fail: 2, unknown: 1, accepted: 1),
            findings: findings)
    }

    /// An event with more than any receiver takes.
    static func longEvent() throws -> DeliveryEvent {
        let long = String(repeating: hostile + "𝔘", count: 2000)
        return try event(
            name: long, version: long,
            findings: (0..<2000).map { "F\($0)-" + String(repeating: "é|=", count: 200) })
    }

    static func now() throws -> Instant {
        try #require(Instant(parsing: Array("2026-11-30T12:00:00Z".utf8)))
    }

    static func attempt(
        _ id: String = "d-1", later: Int64 = 0, grant: String? = "granted"
    ) throws -> DeliveryAttempt {
        try DeliveryAttempt(
            delivery: id, at: try #require(try now().adding(seconds: later)),
            grant: try grant.map { try Secret(trimming: Array($0.utf8)) })
    }

    static func answer(
        _ status: Int, _ body: String = "", retryAfter: Int64? = nil, isWhole: Bool = true
    ) -> OutboundResult {
        OutboundResult(
            outcome: .response(
                OutboundResponse(
                    head: ResponseHead(
                        status: status, retryAfter: retryAfter.map { [.seconds($0)] } ?? []),
                    body: Array(body.utf8), isWhole: isWhole)))
    }

    static func field(_ name: String, of request: OutboundRequest) -> String? {
        request.fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension JSON {
    /// The text of a string.
    var text: String? {
        if case .string(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    /// The elements of an array.
    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The names of an object's members.
    var keys: Set<String> {
        guard case .object(let members) = self else { return [] }
        return Set(members.map { String(decoding: $0.key, as: UTF8.self) })
    }

    /// All strings, at any depth.
    var strings: [String] {
        switch self {
        case .string: text.map { [$0] } ?? []
        case .array(let elements): elements.flatMap(\.strings)
        case .object(let members): members.flatMap(\.value.strings)
        case .null, .bool, .integer: []
        }
    }

    /// Follows names and indices.
    func at(_ path: String...) -> JSON {
        path.reduce(self) { json, step in
            if let index = Int(step) {
                return json.elements.indices.contains(index) ? json.elements[index] : .null
            }
            return json[step] ?? .null
        }
    }
}
