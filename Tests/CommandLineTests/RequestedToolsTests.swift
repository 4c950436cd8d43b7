import CloseoutTestSupport
import Testing

@Suite(
    "Signers with key files", .requires("minisign"), .requires("signify-openbsd"),
    .requires("ssh-keygen"))
struct RequestedToolsTests {
    /// A tool, and how it makes the key pair `my key` and `key.pub`.
    struct Tool: Sendable, CustomTestStringConvertible {
        let name: String
        var key = "my key"
        let generation: String

        var testDescription: String { name }

        static let all = [
            Tool(name: "minisign", generation: "minisign -G -W -p key.pub -s 'my key' > /dev/null"),
            Tool(
                name: "signify", key: "my key.sec",
                generation: "signify-openbsd -G -n -p 'my key.pub' -s 'my key.sec'\n"
                    + "cp 'my key.pub' key.pub"),
            Tool(
                name: "ssh",
                generation: "ssh-keygen -q -t ed25519 -N '' -f 'my key'; cp 'my key.pub' key.pub"),
        ]
    }

    private func withTool(_ tool: Tool, _ body: (Scene) async throws -> Void) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "set -e\n\(tool.generation)\n"
                    + "closeout trust add trust.json key.pub --operator other --role archive")
            try await body(scene)
            let verified = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                "--require", "archive", "--require", "log", "--details")
            #expect(verified.status == 0, "\(verified.stdoutText)")
            #expect(
                verified.stdoutText.contains(
                    "  other (key): valid, counts for the role \"archive\" ["))
        }
    }

    @Test(
        "the printed commands leave a signature that the printed `attach` takes",
        arguments: Tool.all)
    func request(tool: Tool) async throws {
        try await withTool(tool) { scene in
            let request = try await scene.closeout(
                "request", "p-1.closeout", "--for", tool.name, "--key-reference", tool.key)
            #expect(request.status == 0, "\(request.stderrText)")
            let commands = lines(request.stdoutText).dropFirst().joined(separator: "\n")
            // Whoever runs them again, without anybody to answer questions, gets a signature as well.
            for _ in 0..<2 { try await scene.shellDone(commands + "\n") }
            let then = try #require(lines(request.stderrText).last?.dropFirst("then: ".count))
            try await scene.shellDone(
                then.replacing("POLICY", with: "trust.json") + " --log-key release.pem")
        }
    }

    @Test("`sign --with` does all of that in one step", arguments: Tool.all)
    func signWith(tool: Tool) async throws {
        try await withTool(tool) { scene in
            try await scene.done(
                "sign", "p-1.closeout", "--with", tool.name, "--key-reference", tool.key, "--trust",
                "trust.json", "--log-key", "release.pem")
        }
    }
}
