import CloseoutTestSupport
import Testing

@Suite("Secrets of deliver", .requires("python3"))
struct SecrecyTests {
    /// What is looked for, also as it is encoded in header fields.
    private static let canaries = ["canary-7f3a", "Y2FuYXJ5LTdmM2E", "Y2FuYXJ5Y2FuYXJ5"]

    private static let secrets: [String: String?] = [
        "HEADER": "canary-7f3a-header\n", "TOKEN": "canary-7f3a-token\r\n",
        "BROKEN": "canary-7f3a\nsecond line\n",
    ]

    @Test("no secret is in any byte of outbox, bundle or output, whatever fails")
    func canaries() async throws {
        try await withDeliverScene { scene in
            var environment = DeliverScene.environment.merging(Self.secrets) { $1 }
            var routes: [String] = []
            let paths = [
                "/status/200", "/status/401", "/status/400", "/status/503", "/retry", "/reset",
                "/cut", "/stall", "/redirect/302/1", "/echo",
            ]
            for (number, path) in paths.enumerated() {
                let deadline = path == "/stall" ? 5 : 60
                routes.append(
                    try scene.route(
                        "hook-\(number)", path, deadline: deadline,
                        settings: """
                            {"signing_secrets":[{"env":"HOOK_SECRET"}],
                            "headers":[{"name":"X-Api-Key","value":{"env":"HEADER"}}]}
                            """))
                environment["URL_\(number)"] = "\(try scene.url(path))?canary-7f3a\n"
                routes.append(
                    try scene.other(
                        "chat-\(number)", "slack", url: #"{"env":"URL_\#(number)"}"#,
                        deadline: deadline, settings: "{}"))
            }
            routes.append(
                try scene.other(
                    "siem", "splunk", url: "\"\(try scene.url(""))\"",
                    settings: #"{"token":{"env":"TOKEN"}}"#))
            routes.append(
                try scene.other(
                    "broken", "splunk", url: "\"\(try scene.url(""))\"",
                    settings: #"{"token":{"env":"BROKEN"}}"#))
            for listener in ["unheard", "plain", "resetting", "closing"] {
                routes.append(
                    try scene.route(
                        listener, "/canary-7f3a", at: listener, deadline: 20,
                        settings: #"{"headers":[{"name":"X-Key","value":{"env":"HEADER"}}]}"#))
            }
            try scene.write(routes)
            var output: [UInt8] = []
            for arguments in [
                ["deliver", "p-1.closeout"], ["deliver", "status", "--all"],
                ["deliver", "status", "--all", "--format", "json"],
            ] {
                let result = try await run(
                    courierExecutable, arguments, environment: environment,
                    workingDirectory: scene.path)
                output += result.stdout + result.stderr
            }
            let text = String(decoding: output, as: UTF8.self)
            #expect(text.contains("http.server-error"), "\(text)")
            #expect(try scene.requests().count > paths.count)
            // The paths of the hooks are the owner's own words in routes.json, which is not searched.
            let found = try await run(
                "sh",
                [
                    "-c",
                    "mv routes.json ../; cat > ../output; cp ../output output; "
                        + Self.canaries.map { "grep -rla '\($0)' ." }.joined(separator: "; "),
                ], stdin: output, workingDirectory: scene.path)
            #expect(found.stdoutText == "")
        }
    }
}

extension DeliverScene {
    /// What `routes.json` has of a route of another provider.
    func other(
        _ name: String, _ provider: String, url: String, deadline: Int = 60, settings: String
    ) throws -> String {
        let port = try port("receiver")
        return """
            {"name":"\(name)","provider":"\(provider)","url":\(url),"ports":[\(port)],
            "ca_file":"\(receiver)/root.crt.pem","allow_addresses":["127.0.0.0/8","::1/128"],
            "deadline":\(deadline),"events":["closeout","decision","retention-alert"],
            "settings":\(settings)}
            """
    }

    /// The URL of a path of the receiver.
    func url(_ path: String) throws -> String {
        "https://localhost:\(try port("receiver"))\(path)"
    }
}
