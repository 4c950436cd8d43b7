import CloseoutDelivery
import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite("Routes")
struct RoutesTests {
    @Test("a file with a route of each provider is read, and each is made ready")
    func all() throws {
        let routes = try Routes(parsing: Samples.file())
        #expect(routes.routes.map(\.provider) == ProviderKind.allCases)
        for route in routes.routes {
            let ready = try route.ready(with: Samples.Source())
            #expect(ready.kind == route.provider)
            #expect((ready.origin == nil) == [.syslog, .smtp].contains(route.provider))
        }
        #expect(routes.receiving(.decision).count == ProviderKind.allCases.count)
        #expect(routes.receiving(.test).isEmpty)
        #expect(routes[name: "slack"]?.provider == .slack)
    }

    @Test(
        "what a file must not hold is refused with its place",
        arguments: [
            (#"{"kind":"closeout/routes/v2","routes":[]}"#, "kind"),
            (#"{"kind":"closeout/routes/v1","routes":[],"x":1}"#, "x"),
            (route(#""url":{"env":"U"},"extra":1"#), "routes[0].extra"),
            (route(#""url":{"env":"U"},"settings":{"channel":"x"}"#), "routes[0].settings.channel"),
            (route(#""url":"https://hooks.example.com/canary""#), "routes[0].url"),
            (route(#""url":{"env":"1-canary"}"#), "routes[0].url.env"),
            (route(#""url":{"env":"U","file":"/f"}"#), "routes[0].url"),
            (route(#""url":{}"#), "routes[0].url"),
            (route(#""url":{"command":["canary"]}"#), "routes[0].url.command[0]"),
            (route(#""url":{"command":[]}"#), "routes[0].url.command"),
            (route(#""url":{"file":"a\nb"}"#), "routes[0].url.file"),
            (route(#""url":{"env":"U"},"ports":[443,443]"#), "routes[0].ports[1]"),
            (route(#""url":{"env":"U"},"ports":[]"#), "routes[0].ports"),
            (
                route(#""url":{"env":"U"},"allow_addresses":["10.1.0.0/8"]"#),
                "routes[0].allow_addresses[0]"
            ),
            (
                route(#""url":{"env":"U"},"client_certificate":"/c""#),
                "routes[0].client_certificate"
            ),
            (route(#""url":{"env":"U"},"client_key":"canary""#), "routes[0].client_key"),
            (route(#""url":{"env":"U"},"connections":0"#), "routes[0].connections"),
            (route(#""url":{"env":"U"},"deadline":301"#), "routes[0].deadline"),
            (route(#""url":{"env":"U"}"#, events: #"["test"]"#), "routes[0].events[0]"),
            (route(#""url":{"env":"U"}"#, events: "[]"), "routes[0].events"),
            (route(#""url":{"env":"U"}"#, name: "a b"), "routes[0].name"),
            (
                route(
                    #""url":"https://s.example.com","settings":{"token":"canary-token"}"#,
                    provider: "splunk"),
                "routes[0].settings.token"
            ),
            (
                route(#""url":"https://s.example.com","settings":{"token":5}"#, provider: "splunk"),
                "routes[0].settings.token"
            ),
            (
                route(
                    #""url":"https://s.example.com","settings":{"headers":[{"name":"Authorization","value":"Bearer canary"}]}"#,
                    provider: "webhook"), "routes[0].settings.headers[0].value"
            ),
            (
                route(
                    #""url":"https://s.example.com","settings":{"headers":[{"name":"Host","value":"x"}]}"#,
                    provider: "webhook"), "routes[0].settings.headers[0].name"
            ),
            (
                route(
                    #""url":"https://s.example.com","settings":{"headers":[{"name":"webhook-id","value":"x"}]}"#,
                    provider: "webhook"), "routes[0].settings.headers[0].name"
            ),
            (
                route(
                    #""url":"https://s.example.com","settings":{"signing_secrets":["whsec_canary"]}"#,
                    provider: "webhook"), "routes[0].settings.signing_secrets[0]"
            ),
            (
                route(
                    #""url":"https://l.example.com","settings":{"host":"h"}"#, provider: "syslog"),
                "routes[0].url"
            ),
            (
                route(#""settings":{"host":"u:p@h.example.com"}"#, provider: "syslog"),
                "routes[0].settings.host"
            ),
            (
                route(
                    #""settings":{"host":"h.example.com","from":"a@example.com\r\nBcc: b@example.com","to":"c@example.com"}"#,
                    provider: "smtp"), "routes[0].settings.from"
            ),
        ])
    func refused(file: String, place: String) throws {
        do {
            _ = try Routes(parsing: Array(file.utf8))
            Issue.record("was read")
        } catch {
            guard case .shape(let shape) = error else {
                Issue.record("no shape: \(error)")
                return
            }
            #expect(shape.place == place)
            #expect(!"\(error)".contains("canary"))
            #expect(!String(reflecting: error).contains("canary"))
        }
    }

    @Test("the example of the document is read")
    func example() throws {
        let path = repositoryRoot + "/docs/routes.md"
        let text = String(decoding: try readFile(path), as: UTF8.self)
        let start = try #require(text.firstRange(of: "```json\n"))
        let end = try #require(text[start.upperBound...].firstRange(of: "```"))
        let example = text[start.upperBound..<end.lowerBound]
        let routes = try Routes(parsing: Array(example.utf8))
        #expect(routes.routes.map(\.name) == ["release-channel", "grc"])
        #expect(routes.lint().isEmpty)
    }

    @Test("two routes of one name are refused")
    func duplicate() {
        #expect(throws: Routes.Refusal.self) {
            try Routes(parsing: Samples.file([.slack, .slack]))
        }
    }

    @Test("what is no JSON is refused without a word of it")
    func noJSON() {
        for text in ["{\"canary", "{\"a\":1,\"a\":2}", "{\"kind\":1.5}", "canary"] {
            let error = #expect(throws: Routes.Refusal.self) {
                try Routes(parsing: Array(text.utf8))
            }
            #expect(error.map { !"\($0)".contains("canary") } == true)
        }
    }

    private static func route(
        _ members: String, provider: String = "slack", events: String = #"["closeout"]"#,
        name: String = "a"
    ) -> String {
        """
        {"kind":"closeout/routes/v1","routes":[{"name":"\(name)","provider":"\(provider)",
        "events":\(events),\(members)}]}
        """
    }
}
