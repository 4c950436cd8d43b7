import CloseoutDelivery
import CloseoutOutbound
import Testing

@Suite("Secrets of routes")
struct SecretTests {
    @Test(
        "one line end and the blanks around a secret are taken away",
        arguments: ["a b", "a b\n", "a b\r\n", " \ta b \t\n", "a b \r\n", "a b\n "])
    func trimmed(text: String) throws {
        #expect(try Secret(trimming: Array(text.utf8)).revealed == "a b")
    }

    @Test(
        "what fits no header field is refused",
        arguments: [
            ("", SecretFault.empty), (" \n", .empty), ("a\nb", .controlCharacter),
            ("a\n\n", .controlCharacter), ("a\r", .controlCharacter), ("a\r ", .controlCharacter),
            ("a\u{0}", .controlCharacter), ("é", .notASCII),
            (String(repeating: "x", count: 4097), .tooLong),
        ])
    func refused(text: String, fault: SecretFault) {
        #expect(throws: fault) { try Secret(trimming: Array(text.utf8)) }
    }

    @Test("no text, debug text, dump or reflection of what holds secrets shows one")
    func unprinted() throws {
        let routes = try Routes(parsing: Samples.file())
        for route in routes.routes {
            let ready = try route.ready(with: Samples.Source())
            var shown = Self.shown(ready) + Self.shown(ready.provider) + Self.shown(route)
            guard case .http = ready.provider else {
                if case .mail(let provider) = ready.provider {
                    shown += Self.shown(provider)
                    shown += Self.shown(
                        try provider.message(for: Samples.event(), Samples.attempt()))
                }
                #expect(!Samples.canaries.contains { shown.contains($0) }, "\(route.name)")
                continue
            }
            let provider = try Samples.http(route.provider)
            shown += Self.shown(provider)
            let event = try Samples.event()
            let attempt = try Samples.attempt(grant: "canary-grant")
            shown += Self.shown(attempt)
            shown += Self.shown(try provider.message(for: event, attempt))
            shown += Self.shown(try provider.preparation(for: event, attempt) as Any)
            #expect(!Samples.canaries.contains { shown.contains($0) }, "\(route.name)")
        }
    }

    @Test("no fault and no finding shows a secret that cannot be used")
    func faults() throws {
        for kind in ProviderKind.allCases {
            let routes = try Routes(parsing: Samples.file([kind]))
            for name in Samples.secrets.keys {
                for value in [nil, "", "canary\ncanary", "canary é", "http://canary@example.com/"] {
                    var source = Samples.Source()
                    source.values[name] = value
                    let route = try #require(routes.routes.first)
                    let findings = routes.lint(with: source)
                    var shown = Self.shown(findings)
                    do {
                        _ = try route.ready(with: source)
                    } catch {
                        shown += Self.shown(error) + error.sentence + error.code
                        #expect(findings.contains { $0.weight == .error && $0.code == error.code })
                    }
                    #expect(!shown.contains("canary"), "\(kind) \(name)")
                }
            }
        }
    }

    @Test("a URL, a header field and the arguments of a command are not shown either")
    func othersUnprinted() throws {
        let text = """
            {"kind":"closeout/routes/v1","routes":[{"name":"a","provider":"webhook",
            "url":"https://hook.example.com/canary","events":["decision"],"settings":{
            "headers":[{"name":"X-A","value":"canary"}],
            "signing_secrets":[{"command":["/bin/tool","canary"]}]}}]}
            """
        let routes = try Routes(parsing: Array(text.utf8))
        let shown = Self.shown(routes) + Self.shown(routes.lint())
        #expect(!shown.contains("canary"))
        #expect(shown.contains("command /bin/tool"))
    }

    /// All that a value shows of itself.
    private static func shown<Value>(_ value: Value) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value)" + String(reflecting: value) + dumped
    }
}
