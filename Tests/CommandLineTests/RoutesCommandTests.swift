import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The command routes")
struct RoutesCommandTests {
    private static let providers = [
        "webhook", "slack", "teams", "pagerduty", "pagerduty-change", "splunk", "elastic", "jira",
        "servicenow", "sentinel", "github-gate", "syslog", "smtp",
    ]

    @Test("init writes a route of each provider that lint finds usable, and replaces nothing")
    func begin() async throws {
        try await withScene { scene in
            let result = try await scene.closeout(["routes", "init"] + Self.providers)
            #expect(result.status == 0, "\(result.stderrText)")
            #expect(result.stdoutText == "routes.json\n")
            #expect(result.stderrText.contains("slack: url from env SLACK_URL\n"))
            let file = try scene.bytes("routes.json")
            let names = try JSON(parsing: file)["routes"]?.elements?.map { $0["provider"]?.text }
            #expect(names == Self.providers)

            let lint = try await scene.closeout("routes", "lint", "--routes", "routes.json")
            #expect([0, 40].contains(lint.status), "\(lint.stdoutText)\(lint.stderrText)")
            #expect(!lint.stdoutText.contains("error"))

            let again = try await scene.closeout("routes", "init", "slack")
            #expect(again.status == 73)
            #expect(try scene.bytes("routes.json") == file)
            #expect(try await scene.closeout("routes", "init").status == 64)
            #expect(try await scene.closeout("routes", "init", "slack", "slack").status == 64)
            #expect(try await scene.closeout("routes", "init", "nosuch").status == 64)
        }
    }

    @Test("init lays its file out for people, as the documentation shows it")
    func layout() async throws {
        try await withScene { scene in
            let result = try await scene.closeout(
                "routes", "init", "webhook", "slack", "-o", "few.json")
            #expect(result.status == 0, "\(result.stderrText)")
            let text = String(decoding: try scene.bytes("few.json"), as: UTF8.self)
            let page = String(
                decoding: try readFile(repositoryRoot + "/docs/routes.md"), as: UTF8.self)
            #expect(page.contains("```json\n" + text + "```\n"), "\(text)")
        }
    }

    @Test("lint prints every finding with its route, member and code, and exits by the gravest")
    func lint() async throws {
        try await withScene { scene in
            try scene.write(
                """
                {"kind":"closeout/routes/v1","routes":[
                {"name":"inner","provider":"webhook","url":"https://10.1.2.3/x","events":["decision"],
                "allow_addresses":["10.0.0.0/8"],"settings":{"signing_secrets":[{"env":"HOOK"}]}},
                {"name":"outer","provider":"slack","url":{"env":"SLACK"},"events":["closeout"],
                "allow_addresses":["169.254.0.0/16"]}]}
                """, to: "routes.json")
            let routes = ["CLOSEOUT_ROUTES": "routes.json" as String?]
            let warned = try await scene.closeout("routes", "lint", environment: routes)
            #expect(warned.status == 40)
            let found = lines(warned.stdoutText)
            #expect(
                found.contains(
                    "note     inner allow_addresses[0]: 10.0.0.0/8 opens 2^24 addresses "
                        + "beside the global ones. [range-opened]"), "\(found)")
            #expect(
                found.contains {
                    $0.hasPrefix("note     inner url: ")
                        && $0.hasSuffix("[address-allowed.private]")
                }, "\(found)")
            #expect(
                found.contains {
                    $0.hasPrefix("warning  outer allow_addresses[0]: ")
                        && $0.hasSuffix("[range-without-effect]")
                }, "\(found)")

            let canary = "canary-\n\u{1}url"
            let failed = try await scene.closeout(
                "routes", "lint", "--secrets", "--format", "json",
                environment: routes.merging(["SLACK": canary, "HOOK": nil]) { $1 })
            #expect(failed.status == 30)
            #expect(!(failed.stdoutText + failed.stderrText).contains("canary"))
            let list = try #require(try JSON(parsing: failed.stdout).elements)
            #expect(
                list.contains {
                    $0["weight"]?.text == "error" && $0["route"]?.text == "inner"
                        && $0["member"]?.text == "settings.signing_secrets[0]"
                        && $0["code"]?.text == "secret.unavailable"
                })
            #expect(
                list.contains {
                    $0["route"]?.text == "outer" && $0["code"]?.text == "secret.control-character"
                })

            try scene.write("{\"kind\":\"closeout/routes/v1\",\"routes\":[{}]}", to: "routes.json")
            let malformed = try await scene.closeout("routes", "lint", environment: routes)
            #expect(malformed.status == 65)
            #expect(malformed.stderrText.contains("routes.json: routes[0]"))
            #expect(try await scene.closeout("routes", "lint").status == 64)
            let missing = try await scene.closeout("routes", "lint", "--routes", "none")
            #expect(missing.status == 66)
        }
    }

    @Test("show prints receivers and the places of secrets, as a table and as JSON, and no secret")
    func show() async throws {
        try await withScene { scene in
            try scene.write(
                """
                {"kind":"closeout/routes/v1","routes":[
                {"name":"hook","provider":"webhook","url":"https://grc.example.com:8443/canary-path?t=canary",
                "ports":[8443],"events":["decision","closeout"],"allow_addresses":["10.0.0.0/8"],
                "settings":{"signing_secrets":[{"command":["/bin/echo","canary-word"]}]}},
                {"name":"chat","provider":"slack","url":{"env":"SLACK"},"events":["closeout"]},
                {"name":"mail","provider":"smtp","events":["closeout"],"settings":{
                "host":"mail.example.com","from":"a@example.com","to":"b@example.com"}}]}
                """, to: "routes.json")
            let slack = ["SLACK": "https://hooks.example.com/canary" as String?]
            for format in ["text", "json"] {
                let result = try await scene.closeout(
                    "routes", "show", "--routes", "routes.json", "--format", format,
                    environment: slack)
                #expect(result.status == 0)
                #expect(!(result.stdoutText + result.stderrText).contains("canary"))
                guard format == "text" else {
                    let routes = try JSON(parsing: result.stdout)["routes"]?.elements
                    #expect(routes?.map { $0["name"]?.text } == ["hook", "chat", "mail"])
                    #expect(routes?[0]["allow_addresses"]?.elements?.first?.text == "10.0.0.0/8")
                    continue
                }
                #expect(
                    result.stdoutText == """
                        route  provider  receiver                      events
                        hook   webhook   https://grc.example.com:8443  closeout, decision
                          settings.signing_secrets[0]: command /bin/echo
                          allow_addresses: 10.0.0.0/8
                        chat   slack     (secret)                      closeout
                          url: env SLACK
                        mail   smtp      mail.example.com:465          closeout

                        """)
            }
        }
    }

    @Test(
        "test sends one event that is marked as a test, and says what it is", .requires(pythonTool))
    func mark() async throws {
        try await withReceivers("DeliveryTests/Sending/relay.py", python: pythonTool) {
            scene, ports in
            try scene.write("canary-password\n", to: "password")
            try writeRoute(
                scene, "smtp",
                """
                "ca_file":"\(scene.path)/root.crt.pem","settings":{"host":"localhost","port":\(try #require(ports["tls"])),"user":"bot",
                "password":{"command":["/bin/cat","\(scene.path)/password"]},
                "from":"closeout@example.com","to":"people@example.org"}
                """)
            let result = try await scene.closeout("routes", "test", "r", "--routes", "routes.json")
            #expect(result.status == 0, "\(result.stderrText)\(result.stdoutText)")
            let text = lines(result.stdoutText)
            #expect(
                text.prefix(2) == [
                    "class   accepted_unconfirmed", "code    smtp.accepted-by-relay",
                ])
            #expect(text.contains("address loopback, allowed by 127.0.0.0/8"))
            #expect(text.last?.hasPrefix("next    Look whether it has arrived") == true)
            let mail = String(decoding: try scene.bytes("mail-1"), as: UTF8.self)
            #expect(mail.contains("Subject: Test of a route of Closeout: nothing is to be done"))
            #expect(!scene.has("mail-2"))
            let said = result.stdoutText + result.stderrText
            #expect(!said.contains("canary"))
        }
    }

    @Test(
        "test says of a receiver that refuses what class it is, and what to do",
        .requires("python3"))
    func classes() async throws {
        try await withReceivers("OutboundTests/Receiver/receiver.py", python: "python3") {
            scene, ports in
            let port = try #require(ports["receiver"])
            for (path, members, status, words) in [
                ("status/204", "", 0, ["delivered", "accepted"]),
                ("status/202", "", 0, ["accepted_unconfirmed"]),
                ("status/401", "", 30, ["permanent", "http.credentials", "Renew the credentials"]),
                ("status/400", "", 30, ["permanent", "http.refused", "Check URL and settings"]),
                ("redirect/302/1", "", 30, ["http.redirect", "redirects are not followed"]),
                ("status/503", "", 40, ["transient", "http.server-error", "Wait"]),
                ("close", "", 40, ["unknown_outcome", "no-response.cut", "nobody knows"]),
                ("status/204", #","ca_file":"/etc/hostname""#, 65, ["ca_file"]),
            ] as [(String, String, Int32, [String])] {
                let authority =
                    members.isEmpty ? #","ca_file":"\#(scene.path)/root.crt.pem""# : members
                try writeRoute(
                    scene, "webhook",
                    """
                    "url":"https://127.0.0.1:\(port)/\(path)","ports":[\(port)]\(authority)
                    """)
                let result = try await scene.closeout(
                    "routes", "test", "r", "--routes", "routes.json")
                #expect(
                    result.status == status, "\(path): \(result.stderrText)\(result.stdoutText)")
                for word in words {
                    #expect(
                        (result.stdoutText + result.stderrText).contains(word), "\(path): \(word)")
                }
            }
            let requests = lines(String(decoding: try scene.bytes("events"), as: UTF8.self))
            #expect(requests.count { $0.hasPrefix("request ") } == 7)

            let json = try await scene.closeout(
                "routes", "test", "r", "--routes", "routes.json", "--format", "json")
            #expect(json.status == 65)
            #expect(
                try await scene.closeout("routes", "test", "s", "--routes", "routes.json").status
                    == 64)
        }
    }

    private func writeRoute(_ scene: Scene, _ provider: String, _ members: String) throws {
        try scene.write(
            """
            {"kind":"closeout/routes/v1","routes":[{"name":"r","provider":"\(provider)",
            "events":["decision"],"allow_addresses":["127.0.0.0/8","::1"],\(members)}]}
            """, to: "routes.json")
    }

    /// Runs a body while the receivers of a script of other tests run in the folder of a scene.
    private func withReceivers(
        _ script: String, python: String, _ body: (Scene, [String: String]) async throws -> Void
    ) async throws {
        try await withScene { scene in
            let authority = try await Authority.root(in: scene.path)
            for name in ["receiver", "other"] {
                _ = try await authority.certify(
                    name,
                    ["extendedKeyUsage=serverAuth", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
            }
            try await withService(
                python, [repositoryRoot + "/Tests/" + script, scene.path, "receiver"],
                isReady: { scene.has("ports") }
            ) {
                let ports = lines(String(decoding: try scene.bytes("ports"), as: UTF8.self)).map {
                    $0.split(separator: " ").map(String.init)
                }
                try await body(
                    scene, Dictionary(uniqueKeysWithValues: ports.map { ($0[0], $0[1]) }))
            }
        }
    }
}
