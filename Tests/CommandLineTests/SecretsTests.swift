import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("Secrets on the command line and in variables")
struct SecretsTests {
    /// A text that is a secret, and what of it no output may hold.
    struct Canary: Sendable, CustomTestStringConvertible {
        let name: String
        let value: String
        let marks: [String]

        var testDescription: String { name }

        private static let base64 =
            "MC4CAQAwBQYDK2VwBCIEIHolV6ArRA2xW/4crYfW6iuBbX3TBYaeKEyw7Y4bpBve"
        private static let lines = [
            "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW",
            "QyNTUxOQAAACDkv8GvH5sC8xq3q0bJ0n1hM5o5p1b5cVjT9Xq8m3l2WAAAAJgq0m7kKtJu",
        ]

        static let all = [
            Canary(
                name: "PEM",
                value: "-----BEGIN PRIVATE KEY-----\n\(base64)\n-----END PRIVATE KEY-----\n",
                marks: [base64, "/4crYfW6iuBbX3TBYaeKEyw7Y4bpBve"]),
            Canary(
                name: "OpenSSH",
                value: "-----BEGIN OPENSSH PRIVATE KEY-----\n\(lines[0])\n\(lines[1])\n"
                    + "-----END OPENSSH PRIVATE KEY-----",
                marks: lines),
            Canary(
                name: "base64", value: base64, marks: [base64, "4crYfW6iuBbX3TBYaeKEyw7Y4bpBve"]),
            Canary(name: "variable", value: "env:\(base64)", marks: [base64]),
            Canary(
                name: "PIN", value: "pkcs11:token=t;id=%01?module-path=/x.so&pin-value=4711PIN",
                marks: ["4711PIN"]),
            Canary(
                name: "URI", value: "exec:tool 'pkcs11:id=%01?pin-value=4711PIN'",
                marks: ["4711PIN"]),
        ]
    }

    /// A command, its options that take a value, and a word for each argument that it needs.
    struct Command: Sendable {
        let words: [String]
        let options: [String]
        let arguments: [String]
    }

    /// All commands, as the program itself lists them, and those of routes, which the second program lists.
    static func commands() async throws -> [Command] {
        let others = try await commands(of: courierExecutable)
        return try await commands(of: closeoutExecutable)
            + others.filter { $0.words.first == "routes" }
    }

    private static func commands(of program: String) async throws -> [Command] {
        let help = try await run(program, ["--experimental-dump-help"])
        let root = try #require(try JSON(parsing: help.stdout)["command"])
        return commands(in: root, behind: [])
    }

    private static func commands(in command: JSON, behind words: [String]) -> [Command] {
        let below = command["subcommands"]?.elements ?? []
        if !below.isEmpty {
            return below.filter { $0["commandName"]?.text != "help" }.flatMap {
                commands(in: $0, behind: words + [$0["commandName"]?.text ?? ""])
            }
        }
        let all = command["arguments"]?.elements ?? []
        let options = all.filter { $0["kind"]?.text == "option" }.compactMap { option in
            option["names"]?.elements?.compactMap { $0["name"]?.text }.max { $0.count < $1.count }
        }
        let positional = all.filter { $0["kind"]?.text == "positional" }
        return [
            Command(
                words: words, options: options.map { $0.count == 1 ? "-\($0)" : "--\($0)" },
                arguments: positional.map { _ in "p-1.closeout" })
        ]
    }

    /// Ways in which a value is given to a command.
    ///
    /// By the number `form`, every other option is joined to its value.
    private static func lines(
        of command: Command, giving value: String, form: Int
    ) -> [[String]] {
        var lines: [[String]] = []
        for (index, option) in command.options.enumerated() {
            let given = (index + form) % 2 == 0 ? ["\(option)=\(value)"] : [option, value]
            lines.append(command.words + command.arguments + given)
        }
        for index in command.arguments.indices {
            var arguments = command.arguments
            arguments[index] = value
            lines.append(command.words + arguments)
        }
        guard form % 3 == 0 else { return lines }
        // An option that the command has not, a word too many, an option twice, and one without its value.
        lines.append(command.words + ["--no-such=\(value)"])
        lines.append(command.words + ["--no-such", value])
        lines.append(command.words + command.arguments + [value])
        lines.append(command.words + ["--key", value, "--key", value])
        lines.append(command.words + [value, "--key"])
        return lines
    }

    private func isKept(_ canary: Canary, _ result: RunResult, _ arguments: [String]) -> Bool {
        let text = result.stdoutText + result.stderrText
        return !canary.marks.contains { text.contains($0) }
    }

    @Test(
        "are repeated by no command, in whatever option they were given",
        arguments: Canary.all.indices)
    func options(index: Int) async throws {
        let canary = Canary.all[index]
        try await withSealedRelease { scene in
            let lines = try await Self.commands().flatMap {
                Self.lines(of: $0, giving: canary.value, form: index)
            }
            #expect(lines.count > 300)
            for line in lines {
                let result = try await scene.closeout(line)
                #expect(isKept(canary, result, line), "\(line): \(result.stderrText)")
                #expect(result.status >= 0 && result.status != 70, "\(line)")
            }
        }
    }

    @Test("are known in whatever dress they are given in the place of a path")
    func dresses() async throws {
        try await withSealedRelease { scene in
            let key = "MC4CAQAwBQYDK2VwBCIEIHolV6ArRA2xW4crYfW6iuBbX3TBYaeKEyw7Y4bpBve="
            var values = [
                #"{"kty":"OKP","crv":"Ed25519","d":"nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#,
                "/" + key.dropFirst(), key.prefix(30) + " " + key.dropFirst(30),
                key.prefix(30) + "\\n" + key.dropFirst(30),
                "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRJDPC9VQSZQ0LZ7PM",
            ]
            var random = SplitMix64(seed: 11)
            for _ in 0..<200 {
                let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
                values.append(Base64.string(bytes))
            }
            for value in values {
                let reported = try await scene.closeout("sign", "p-1.closeout", "--key", value)
                let mark = value.dropFirst(8).prefix(20)
                #expect(reported.status == 64 || reported.status == 66, "\(reported.stderrText)")
                #expect(!reported.stderrText.contains(mark), "\(reported.stderrText)")
            }
        }
    }

    @Test("that are short are not looked for inside of words")
    func short() async throws {
        try await withSealedRelease { scene in
            let reported = try await scene.closeout("keygen", "--passphrase", "a", "-o", "k")
            #expect(reported.status == 64)
            #expect(reported.stderrText.contains("--passphrase"), "\(reported.stderrText)")
        }
    }

    @Test("are repeated by no command, in whatever variable they were given", arguments: Canary.all)
    func variables(canary: Canary) async throws {
        try await withSealedRelease { scene in
            for variable in [
                "CLOSEOUT_TRUST", "CLOSEOUT_LOG_KEY", "CLOSEOUT_LOCK_WAIT", "SOURCE_DATE_EPOCH",
                "TMPDIR",
            ] {
                for line in [
                    ["verify", "p-1.closeout", "--artifacts", "dist"], ["status", "p-1.closeout"],
                    ["add", "p-1.closeout", "dist/NOTES.md"],
                    ["freeze", "dist", "--release", "q@1", "-o", "q"],
                    ["checkpoint", "p-1.closeout", "--key", "release.pem"],
                    ["sign", "p-1.closeout", "--with", "gpg", "--key-reference", "x"],
                    ["decide", "p-1.closeout", "--artifacts", "none"],
                ] {
                    let result = try await scene.closeout(
                        line, environment: [variable: canary.value])
                    #expect(
                        isKept(canary, result, line), "\(variable) \(line): \(result.stderrText)")
                }
                try await scene.shellDone("rm -rf q")
            }
        }
    }

    @Test(
        "passphrases are repeated by no command",
        arguments: ["hunter2hunter2", "correct horse battery", "-dashed2dashed", "pass:word2word2"])
    func passphrases(word: String) async throws {
        try await withSealedRelease { scene in
            for command in try await Self.commands() {
                for given in [["--passphrase=\(word)"], ["--passphrase", word]] {
                    let line = command.words + command.arguments + given
                    let result = try await scene.closeout(line)
                    let reported = result.stdoutText + result.stderrText
                    #expect(!reported.contains(word), "\(line): \(reported)")
                }
            }
            // What the variable or the file holds is a secret as well.
            let result = try await scene.closeout(
                "sign", "p-1.closeout", "--key", "release.pem", "--passphrase", "env:SECRET",
                environment: ["SECRET": word])
            #expect(!(result.stdoutText + result.stderrText).contains(word))
        }
    }

    @Test(
        "are kept apart from paths, which are named",
        arguments: [
            "release", "keys/2026/Release-Key.pem",
            "/srv/builds/closeout/keys/release2026.Payments",
            "/home/Build1/projects/closeout/releases/production/payments",
            "Payments-Release-2026-11-29-Production-Candidate",
            String(repeating: "long", count: 30), "sha256-of-Release-2026.sig",
        ])
    func paths(path: String) async throws {
        try await withSealedRelease { scene in
            for line in [
                ["verify", "p-1.closeout", "--trust", path], ["show", path],
                ["sign", "p-1.closeout", "--key", path],
                ["add", "p-1.closeout", "dist/NOTES.md", "--log-key", path],
            ] {
                let result = try await scene.closeout(line)
                #expect(result.status == 66, "\(line)")
                #expect(result.stderrText.contains(path), "\(result.stderrText)")
            }
        }
    }

    @Test("a value that is not repeated is named by its option or variable")
    func places() async throws {
        try await withSealedRelease { scene in
            let key = Canary.all[2].value
            for (line, words) in [
                (["verify", "p-1.closeout", "--trust", key], "the value of --trust (not repeated"),
                (["show", key], "argument 2 (not repeated: it may be a secret) is invalid for"),
                (
                    ["seal", "dist", "--release", key, "--key", "x"],
                    "the value of --release (not rep"
                ),
                (
                    ["sign", "p-1.closeout", "--key", key],
                    "what was given (not repeated: it may be"
                ),
            ] {
                let result = try await scene.closeout(line)
                #expect(result.stderrText.contains(words), "\(result.stderrText)")
            }
        }
    }

    @Test("a PIN is neither stored as what a signer calls its key, nor printed in its commands")
    func keyReference() async throws {
        try await withSealedRelease { scene in
            let reference = Canary.all[4].value
            for line in [
                ["attach", "p-1.closeout", "s", "--trust", "trust.json"],
                ["sign", "p-1.closeout", "--with", "openssl", "--trust", "trust.json"],
                ["request", "p-1.closeout", "--for", "openssl"],
            ] {
                try await scene.shellDone("cp p-1.closeout/signatures/*.dsse.json s")
                let refused = try await scene.closeout(line + ["--key-reference", reference])
                #expect(refused.status == 64)
                #expect(refused.stderrText.contains("pin-source=env:VARIABLE"))
                let found = try await scene.shell("grep -rl 4711PIN .")
                #expect(found.stdoutText == "")
            }
        }
    }
}
