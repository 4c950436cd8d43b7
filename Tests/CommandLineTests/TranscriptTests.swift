import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// Recorded sessions.
///
/// Where `CLOSEOUT_RECORD` is set, what commands print now is written into the documents instead of
/// being compared.
@Suite("Transcripts")
struct TranscriptTests {
    @Test("the one in README.md is what the commands print")
    func readme() async throws {
        try await check("README.md")
    }

    @Test(
        "recorded sessions are what the commands print",
        arguments: ["help.txt", "messages.txt", "trial.txt"])
    func sessions(name: String) async throws {
        try await check("Tests/CommandLineTests/Transcripts/" + name)
    }

    @Test(
        "the whole way of README.md takes at most 15 commands and ends with a decision that verifies",
        .requires("gpg"), .requires("ssh-keygen"))
    func wholeWay() async throws {
        let document = "Tests/CommandLineTests/Transcripts/session.txt"
        let commands = try Self.commandsInReadme()
        let recorded = try Transcript(in: text(of: document))
        #expect(commands.count <= 15)
        #expect(recorded.steps.map(\.command) == commands)
        try await check(document, exporting: "GNUPGHOME=$PWD/home") { scene in
            try await scene.shellDone(
                """
                mkdir dist; printf 'pay\\n' > dist/pay; printf 'How to pay\\n' > dist/README.md
                for file in summary.md approval.txt release.json closure.pdf export.csv archive.txt alert.txt
                do echo "$file" > $file; done
                mkdir -m 700 home; export GNUPGHOME="$PWD/home"
                gpg -q --batch --passphrase '' --quick-generate-key carol@example.org ed25519 sign never
                ssh-keygen -q -t ed25519 -N '' -C dave -f dave
                """)
        } after: { scene in
            let end = try await scene.closeout(
                "verify", "payments-1.4.0.closeout", "--trust", "trust.json", "--artifacts", "dist",
                "--criteria", "final-closeout", "--require-decision", "--format", "json")
            #expect(end.status == 0, "\(end.stdoutText.prefix(2000))")
            #expect(end.stdoutText.contains("ready_with_accepted_risk"))
            try await scene.shellDone("GNUPGHOME=$PWD/home gpgconf --kill all")
        }
    }

    /// The indented lines behind the comment in README.md that says who runs them.
    private static func commandsInReadme() throws -> [String] {
        let lines = try String(decoding: readFile(repositoryRoot + "/README.md"), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex { $0.contains("Transcripts/session.txt") })
        return lines[(start + 1)...].prefix { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
    }

    private func text(of document: String) throws -> String {
        String(decoding: try readFile(repositoryRoot + "/" + document), as: UTF8.self)
    }

    private func check(
        _ document: String, exporting variables: String = "COLUMNS=80",
        before: (Scene) async throws -> Void = { _ in },
        after: (Scene) async throws -> Void = { _ in }
    ) async throws {
        let path = repositoryRoot + "/" + document
        let recorded = try Transcript(in: text(of: document))
        try await withTemporaryDirectory { folder in
            let scene = Scene(path: folder)
            try await before(scene)
            var played = recorded
            for index in recorded.steps.indices {
                let step = recorded.steps[index]
                let result = try await scene.shell(
                    "exec 2>&1\nexport COLUMNS=80 \(variables)\n" + step.command)
                played.steps[index].output = Transcript.Step.lines(result.stdoutText)
                guard environmentVariable("CLOSEOUT_RECORD") == nil else { continue }
                #expect(
                    Transcript.Step.lines(result.stdoutText).map(normalised)
                        == step.output.map(normalised),
                    "\(step.command)")
            }
            try await after(scene)
            guard environmentVariable("CLOSEOUT_RECORD") != nil else { return }
            try writeFile(played.text, to: path)
        }
    }

    /// The line with all digests, fingerprints and instants made equal.
    private func normalised(_ line: String) -> String {
        // What a criterion rests on is in the order of the digests.
        let evidence = "    evidence: "
        guard !line.hasPrefix(evidence) else {
            return evidence
                + line.dropFirst(evidence.count).split(separator: ", ")
                .map { normalised(String($0)) }.sorted().joined(separator: ", ")
        }
        var text = ""
        var rest = Substring(line)
        while let first = rest.first {
            let hex = rest.prefix { $0.isHexDigit && !$0.isUppercase }
            let base64 = rest.prefix {
                $0.isASCII && ($0.isLetter || $0.isNumber || "+/=".contains($0))
            }
            if hex.count == 64 || hex.count == 16 {
                text += "<hex>"
                rest = rest.dropFirst(hex.count)
            } else if base64.count == 44, base64.hasSuffix("=") {
                text += "<base64>"
                rest = rest.dropFirst(44)
            } else if Instant(parsing: Array(rest.prefix(20).utf8)) != nil {
                text += "<instant>"
                rest = rest.dropFirst(20)
            } else {
                text.append(first)
                rest = rest.dropFirst()
            }
        }
        return text
    }
}

/// A document with one fenced block of commands, each behind `$ `, and what they printed.
struct Transcript {
    /// A command and the lines that it printed, without empty ones at the end.
    struct Step {
        let command: String
        var output: [String]

        /// The lines of an output.
        static func lines(_ text: String) -> [String] {
            trimmed(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }

        /// The lines up to the last one that is not empty.
        static func trimmed(_ lines: [String]) -> [String] {
            Array(lines.prefix((lines.lastIndex { !$0.isEmpty } ?? -1) + 1))
        }
    }

    /// What stands before the first command.
    private let head: [String]
    var steps: [Step] = []
    /// What stands behind the last output.
    private let tail: [String]

    /// Finds the block, which begins with "```console".
    init(in document: String) throws {
        let all = document.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = try #require(all.firstIndex(of: "```console"))
        let end = try #require(all[start...].firstIndex(of: "```"))
        head = Array(all[...start])
        tail = Array(all[end...])
        for line in all[(start + 1)..<end] {
            if line.hasPrefix("$ ") {
                steps.append(Step(command: String(line.dropFirst(2)), output: []))
            } else {
                try #require(!steps.isEmpty)
                steps[steps.count - 1].output.append(line)
            }
        }
        try #require(!steps.isEmpty)
        for index in steps.indices { steps[index].output = Step.trimmed(steps[index].output) }
    }

    /// The whole document.
    var text: String {
        let block = steps.flatMap { ["$ \($0.command)"] + $0.output + [""] }.dropLast()
        return (head + block + tail).joined(separator: "\n")
    }
}
