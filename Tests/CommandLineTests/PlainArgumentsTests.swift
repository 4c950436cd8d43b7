import ArgumentParser
import CloseoutTestSupport
import Testing

@testable import CloseoutCommandLine

/// What is read without the parser is what the parser reads.
@Suite("Arguments that are read without the parser")
struct PlainArgumentsTests {
    /// A command that is read so, and words that it takes and that it refuses.
    struct Subject: Sendable, CustomTestStringConvertible {
        let name: String
        let type: any ParsableCommand.Type
        /// Arguments with which it is complete.
        let least: [String]

        var testDescription: String { name }

        static let all = [
            Subject(name: "verify", type: Verify.self, least: ["b.closeout"]),
            Subject(name: "verify-signature", type: VerifySignature.self, least: ["file", "sig"]),
            Subject(name: "explain", type: Explain.self, least: []),
        ]
    }

    private static let hex = String(repeating: "a1", count: 32)

    /// Groups of words: options of each kind with good and bad values, flags, arguments, and what only
    /// the parser reads.
    private static let pieces: [[String]] = [
        ["--quiet"], ["--trust", "trust.json"], ["--trust=trust.json"], ["--trust", ""],
        ["--trust=", "x"], ["--trust"], ["--trust", "--quiet"], ["--trust=--quiet"],
        ["--key", "release.pub.pem"], ["--key", "-----BEGIN PUBLIC KEY-----\nMC"],
        ["--key", "-"], ["--key=-"], ["--algorithm", "rsa-pss-sha256"],
        ["--trust-digest", "sha256:\(hex)"], ["--trust-digest", hex],
        ["--trust-version-at-least", "3"], ["--trust-version-at-least", "-3"],
        ["--trust-version-at-least=-3"], ["--trust-version-at-least", "3.0"],
        ["--trust-version-at-least", "+3"], ["--trust-version-at-least", "99999999999999999999"],
        ["--allow-sample-keys"], ["--trust-then", "old.json"], ["--trust-then=older.json"],
        ["--crl", "lists"], ["--crl=x.crl"], ["--artifacts", "dist"], ["--artifacts", "none"],
        ["--artifacts=a=b"], ["--file", "dist/a=bin/a"], ["--file=dist/b"], ["--file", "=x"],
        ["--release", "p@1.0"], ["--release", "p"], ["--as-of", "2026-01-01T00:00:00Z"],
        ["--as-of=2026-01-01T00:00:00Z"], ["--as-of", "2026-01-01"], ["--previous", "checkpoint"],
        ["--modes", "ignore"], ["--modes=recorded"], ["--modes", "other"],
        ["--require", "release"],
        ["--require=approval"], ["--require", "nosuch"], ["--criteria", "final-closeout"],
        ["--require-decision"], ["--require-decision=yes"], ["--allow-excluded"],
        ["--format", "json"], ["--format=text"], ["--format", "vsa"], ["--format", "JSON"],
        ["--format", "sarif"], ["--format", "line"], ["--format=none"],
        ["--report", "html=r.html"], ["--report=sarif=r.sarif"],
        ["--report", "none=x"], ["--report-key", "k.pem"], ["--report-key=env:KEY"],
        ["--report-key", "fd:x"], ["--passphrase", "env:P"], ["--passphrase=secret"],
        ["--allow-readable-key"], ["--token", "t.tsr"], ["--type", "minisign"], ["--type=raw"],
        ["extra"], ["ü=ß"], ["-"], ["--"], ["-q"], ["--help"], ["-h"], ["--version"], ["--nosuch"],
        ["--nosuch=1"], ["--trusted", "x"], ["seal.signed"], ["help"], ["-x=1"], ["--Quiet"],
        ["--details"], ["-o", "x"], ["-ox"], [""], ["a\u{0}b"], ["e\u{301}"], ["--quiet\u{301}"],
    ]

    @Test("mean what the parser takes them for, or are left to it", arguments: Subject.all)
    func same(subject: Subject) throws {
        var random = SplitMix64(seed: 10)
        var read = 0
        for number in 0..<repetitions(4_000, usually: 400) {
            var words: [[String]] = number % 8 == 0 ? [] : subject.least.map { [$0] }
            // Each piece once alone, then several.
            let count = number < Self.pieces.count ? 0 : Int.random(in: 0...4, using: &random)
            if number < Self.pieces.count { words.append(Self.pieces[number]) }
            for _ in 0..<count {
                let piece = try #require(Self.pieces.randomElement(using: &random))
                words.insert(piece, at: Int.random(in: 0...words.count, using: &random))
            }
            let arguments = [subject.name] + words.joined()
            guard let plain = Closeout.plainlyRead(arguments) else { continue }
            read += 1
            let parsed = try? subject.type.parseAsRoot(Array(arguments.dropFirst()))
            #expect(parsed.map { type(of: $0) == subject.type } == true, "\(arguments)")
            #expect(parsed.map(described) == described(plain), "\(arguments)")
            #expect(throws: Never.self, "\(arguments)") {
                try RepeatedOption.refuse(in: arguments, of: subject.type)
            }
        }
        #expect(read > 50, "\(read)")
    }

    @Test("set every option that the command has", arguments: Subject.all)
    func complete(subject: Subject) throws {
        let plain = try #require(Closeout.plainlyRead([subject.name] + subject.least))
        // The parser says so of a property that has no value yet.
        #expect(!described(plain).contains("*definition*"), "\(described(plain))")
    }

    @Test("are those of the commands that the parser knows by these names", arguments: Subject.all)
    func names(subject: Subject) {
        #expect(subject.type._commandName == subject.name)
    }

    @Test("are left to the parser where no command of these is named")
    func others() {
        for arguments in [[], ["--version"], ["help", "verify"], ["seal", "dist"], ["verify"]] {
            #expect(Closeout.plainlyRead(arguments) == nil, "\(arguments)")
        }
    }

    /// All properties of a command, with those of its groups.
    private func described(_ command: Any) -> String {
        var text = ""
        dump(command, to: &text, maxDepth: 12)
        return text
    }
}

@Suite("The names of commands")
struct CommandNameTests {
    @Test("lead to every command, and behind them is what it is given")
    func paths() throws {
        var found = 0
        func look(_ command: any ParsableCommand.Type, _ path: [String]) {
            let below = command.configuration.subcommands
            for next in below { look(next, path + [next._commandName]) }
            let named = CommandNames.command(in: path + ["a", "--b"], of: Closeout.self)
            guard below.isEmpty else { return #expect(named == nil, "\(path)") }
            found += 1
            #expect(named?.0 == command, "\(path)")
            #expect(named.map { Array($0.1) } == ["a", "--b"], "\(path)")
        }
        look(Closeout.self, [])
        #expect(found > 40, "\(found)")
        #expect(CommandNames.command(in: [], of: Closeout.self) == nil)
        #expect(CommandNames.command(in: ["-q", "verify"], of: Closeout.self) == nil)
    }
}
