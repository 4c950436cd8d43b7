import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite struct ShellQuotingTests {
    static let plain = [
        "dist", "payments@1.4.0", "a b", "", "it's", "''", "$(touch x)`id`", "a;b|c&d>e<f",
        "*?[a]{b,c}",
        "~root", "=ls", "-n", "!!", "a\\b", "\"", "#x", "日本語 é", "a=b", "%s%n", "'; rm -rf /; '",
    ]

    @Test("every shell reads back the very bytes of visible text", arguments: plain)
    func visible(text: String) async throws {
        #expect(try await echo(shellQuoted(text), shell: "sh") == Array(text.utf8))
        #expect(try await echo(shellQuoted(text), shell: "bash") == Array(text.utf8))
    }

    @Test(
        "every shell reads back invisible and invalid bytes from a word that shows none of them",
        .requires("dash"), .requires("bash"),
        arguments: [
            Array("a\nb".utf8), Array("\u{1B}[31m".utf8), Array("\u{202E}x'\\".utf8),
            [0xFF, 0x61, 0x30], [0xFF, 0x25, 0x73], Array("-n \t!`id`$(id)\"".utf8),
            Array(1...255),
        ] as [[UInt8]])
    func invisible(bytes: [UInt8]) async throws {
        let word = shellQuoted(word: bytes)
        #expect(word.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        for shell in ["sh", "dash", "bash"] {
            #expect(try await echo(word, shell: shell) == bytes, "\(shell)")
        }
    }

    @Test(
        "every shell reads back line feeds at the end, behind which nothing of the text is",
        arguments: ["\n", "\n\n", "a\nb\n", "it's\n\n"])
    func lineFeeds(text: String) async throws {
        let word = shellQuoted(text)
        #expect(word.hasSuffix("\n'"))
        for shell in ["sh", "bash"] {
            #expect(try await echo(word, shell: shell) == Array(text.utf8), "\(shell)")
        }
    }

    @Test("a path that begins with a dash is no option, and other paths stay as they are")
    func paths() {
        let words = ["-dist", "--", "-", "a-b", "./-x", "-a b"].map { shellQuoted(Array($0.utf8)) }
        #expect(words == ["./-dist", "./--", "./-", "a-b", "./-x", "'./-a b'"])
    }

    @Test("leaves harmless words without quotes")
    func harmless() {
        #expect(shellQuoted("./payments-1.4.0.closeout") == "./payments-1.4.0.closeout")
        #expect(shellQuoted("") == "''")
        #expect(shellQuoted("it's") == #"'it'\''s'"#)
        #expect(shellQuoted("a\nb") == #""$(printf 'a\012b')""#)
    }

    private func echo(_ word: String, shell: String) async throws -> [UInt8] {
        try await runSuccessfully(shell, ["-c", "printf %s " + word])
    }
}
