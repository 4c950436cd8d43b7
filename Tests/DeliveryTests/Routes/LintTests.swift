import CloseoutDelivery
import CloseoutEncodings
import Testing

@Suite("Looking over routes")
struct LintTests {
    @Test(
        "what no destination may be is an error",
        arguments: [
            ("http://a.example.com/", "url.not-https"),
            ("https://canary:x@a.example.com/", "url.user-info"),
            ("https://a.example.com/../x", "url.dot-segment"),
            ("https://a.example.com:8443/", "url.port-not-allowed"),
            ("unix:///canary.sock", "url.unix-socket"),
            ("http+unix://%2Fcanary.sock/", "url.unix-socket"),
            ("https://0x7f.1/", "url.numeric-host"),
            ("https://127.0.0.1/", "address-refused.loopback"),
            ("https://169.254.169.254/", "address-refused.metadata"),
            ("https://[::ffff:10.0.0.1]/", "address-refused.mapped"),
        ])
    func destinations(url: String, code: String) throws {
        let findings = try Self.findings(#""url":"\#(url)""#)
        #expect(findings.contains { $0.code == code && $0.weight == .error && $0.member == "url" })
        #expect(!"\(findings)".contains("canary"))
    }

    @Test("what allow_addresses opens is said, and what it cannot open too")
    func ranges() throws {
        let findings = try Self.findings(
            """
            "url":"https://10.1.2.3/","allow_addresses":["10.0.0.0/8","169.254.0.0/16","0.0.0.0/0"]
            """)
        #expect(
            findings.map { "\($0.weight) \($0.member) \($0.code)" }
                .starts(with: [
                    "note url address-allowed.private", "note allow_addresses[0] range-opened",
                    "warning allow_addresses[1] range-without-effect",
                    "note allow_addresses[2] range-opened", "warning allow_addresses[2] range-wide",
                ]))
    }

    @Test("an address in the settings is held to the same rules")
    func peers() throws {
        let relay = #""from":"a@example.com","to":"b@example.com""#
        for (provider, settings, member, code) in [
            ("syslog", #""host":"169.254.169.254""#, "settings.host", "address-refused.metadata"),
            ("smtp", #""host":"::1",\#(relay)"#, "settings.host", "address-refused.loopback"),
        ] {
            let findings = try Self.findings(#""settings":{\#(settings)}"#, provider: provider)
            #expect(
                findings.contains {
                    $0.member == member && $0.code == code && $0.weight == .error
                })
        }
        let sentinel = try Self.findings(
            """
            "url":"https://dce.example.com","allow_addresses":["10.0.0.1"],"settings":{"tenant":"t",
            "client_id":"c","client_secret":{"env":"S"},"rule":"dcr-r","stream":"Custom-s",
            "authority":"https://10.0.0.1"}
            """, provider: "sentinel")
        #expect(
            sentinel.map { "\($0.member) \($0.code)" } == [
                "settings.authority address-allowed.private", "allow_addresses[0] range-opened",
            ])
    }

    @Test("a URL to which the provider adds a path must have none")
    func base() throws {
        let findings = try Self.findings(
            #""url":"https://splunk.example.com/x","settings":{"token":{"env":"TOKEN"}}"#,
            provider: "splunk")
        #expect(findings.map(\.code) == ["url.not-a-base"])
    }

    @Test("plain mistakes of a provider are warnings")
    func mistakes() throws {
        let hook = try Self.findings(
            #""url":"https://a.example.com/","settings":{"format":"cloudevents-binary"}"#)
        #expect(hook.map(\.code) == ["webhook.unsigned", "webhook.source"])
        let sentinel = try Self.findings(
            """
            "url":"https://dce.example.com","settings":{"tenant":"t","client_id":"c",
            "client_secret":{"env":"S"},"rule":"r","stream":"s"}
            """, provider: "sentinel")
        #expect(sentinel.map(\.code) == ["sentinel.rule", "sentinel.stream"])
        let mail = try Self.findings(
            """
            "settings":{"host":"mail.example.com","port":587,"from":"a@example.com",
            "to":"b@example.com"}
            """, provider: "smtp")
        #expect(mail.map(\.code) == ["smtp.port"])
    }

    @Test("each secret that cannot be read is named once")
    func secrets() throws {
        let routes = try Routes(parsing: Samples.file([.webhook]))
        let findings = routes.lint(with: Samples.Source(values: [:]))
        #expect(
            findings.map { "\($0.weight) \($0.member) \($0.code)" } == [
                "error settings.signing_secrets[0] secret.unavailable",
                "error settings.signing_secrets[1] secret.unavailable",
                "error settings.headers[0].value secret.unavailable",
            ])
    }

    @Test("a route names all its secrets, and only them are read")
    func named() throws {
        for kind in ProviderKind.allCases {
            let route = try #require(Routes(parsing: Samples.file([kind])).routes.first)
            var source = Samples.Source()
            let names = Set(route.secrets.map { $0.reference.description.dropFirst(4) })
            source.values = source.values.filter { names.contains($0.key[...]) }
            _ = try route.ready(with: source)
            #expect(kind == .syslog || !names.isEmpty)
        }
    }

    @Test("routes that are as they should be have no error, with and without their secrets")
    func good() throws {
        let routes = try Routes(parsing: Samples.file())
        #expect(routes.lint().allSatisfy { $0.weight != .error })
        #expect(routes.lint(with: Samples.Source()).allSatisfy { $0.weight != .error })
    }

    private static func findings(
        _ members: String, provider: String = "webhook"
    ) throws -> [RouteFinding] {
        let text = """
            {"kind":"closeout/routes/v1","routes":[{"name":"a","provider":"\(provider)",
            "events":["decision"],\(members)}]}
            """
        return try Routes(parsing: Array(text.utf8)).lint()
    }
}
