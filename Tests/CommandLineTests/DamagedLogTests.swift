import CloseoutTestSupport
import Testing

@Suite("A log that was damaged on its way")
struct DamagedLogTests {
    private static let damages = [
        ("truncate -s -100 p-1.closeout/log.jsonl", "does not end in a line feed"),
        ("sed -i 's/$/\\r/' p-1.closeout/log.jsonl", "has Windows line ends (CR LF)"),
    ]

    @Test(
        "is reported first by verify, with no hint at commands that refuse it", arguments: damages)
    func verify(damage: String, words: String) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(damage)
            let failed = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
            #expect(failed.status == 30)
            let headline = try #require(lines(failed.stdoutText).first)
            #expect(headline.hasPrefix("FAILED"))
            #expect(headline.contains(": log.jsonl \(words)"), "\(headline)")
            for command in ["repair", "attach"] {
                #expect(!failed.stdoutText.contains("closeout \(command)"))
            }
            #expect(failed.stdoutText.contains("is named by no line of the log that can be read"))
        }
    }

    @Test(
        "is reported by repair, and status leads to another copy and not to repair",
        arguments: damages)
    func repair(damage: String, words: String) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(damage)
            let refused = try await scene.closeout("repair", "p-1.closeout")
            #expect(refused.status == 65)
            #expect(
                refused.stderrText.hasPrefix("closeout: the log is in doubt: log.jsonl \(words)"))
            let next = try await scene.done("status", "p-1.closeout").last
            #expect(next?.hasSuffix("shows all that is wrong; get an unchanged copy") == true)
        }
    }
}
