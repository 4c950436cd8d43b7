import CloseoutTestSupport
import Testing

@Suite("Before a log key signs")
struct ContinuingTests {
    /// Rewrites a file of the head, and the log's line of it.
    private static func rewriting(_ file: String) -> String {
        """
        set -e
        cd p-1.closeout
        old=$(sha256sum \(file) | cut -d ' ' -f 1); size=$(stat -c %s \(file))
        echo 'Trust whom I name.' >> \(file)
        new=$(sha256sum \(file) | cut -d ' ' -f 1); grown=$(stat -c %s \(file))
        sed -i "s/$old\\",\\"size\\":$size/$new\\",\\"size\\":$grown/" log.jsonl
        grep -q "$new" log.jsonl
        """
    }

    private func withFrozenRelease(_ body: (Scene) async throws -> Void) async throws {
        try await withScene { scene in
            try await scene.done(
                "keygen", "--no-passphrase", "-o", "release", "--trust", "trust.json")
            try await scene.done("freeze", "dist", "--release", "p@1")
            try await body(scene)
        }
    }

    private static let seal = ["seal", "dist", "--release", "p@1", "--key", "release.pem"]

    @Test(
        "a bundle whose head somebody else wrote is not taken for one's own",
        arguments: ["README.txt", "SHA256SUMS"])
    func foreignHead(file: String) async throws {
        try await withFrozenRelease { scene in
            try await scene.shellDone(Self.rewriting(file))
            for command in [Self.seal, ["freeze", "dist", "--release", "p@1"]] {
                let refused = try await scene.closeout(command)
                #expect(refused.status == 73)
                #expect(
                    refused.stderrText.contains("its \(file) is not the one of this release"),
                    "\(refused.stderrText)")
            }
            #expect(!scene.has("p-1.closeout/checkpoint") && !scene.has("p-1.closeout/signatures"))
        }
    }

    @Test(
        "a head that is not the one of the log is not signed for",
        arguments: ["README.txt", "SHA256SUMS", "manifest.jsonl"])
    func damagedHead(file: String) async throws {
        try await withFrozenRelease { scene in
            try await scene.shellDone("echo >> p-1.closeout/\(file)")
            for command in [
                Self.seal, ["checkpoint", "p-1.closeout", "--key", "release.pem"],
                ["add", "p-1.closeout", "dist/NOTES.md", "--log-key", "release.pem"],
            ] {
                let refused = try await scene.closeout(command)
                #expect(refused.status == 65, "\(command): \(refused.stderrText)")
                #expect(refused.stderrText.contains("\(file) is not the file that line"))
            }
            #expect(!scene.has("p-1.closeout/checkpoint"))
            #expect(
                lines(String(decoding: try scene.bytes("p-1.closeout/log.jsonl"), as: UTF8.self))
                    .count == 4)
        }
    }

    @Test(
        "a file that no checkpoint commits yet must be there as it was logged",
        arguments: ["rm", "echo >>", "> "])
    func damagedAddition(damage: String) async throws {
        try await withSealedRelease { scene in
            let added = try await scene.done("add", "p-1.closeout", "dist/NOTES.md")
            let before = try scene.bytes("p-1.closeout/checkpoint")
            try await scene.shellDone("\(damage) p-1.closeout/\(added[0])")
            for command in [
                Self.seal, ["checkpoint", "p-1.closeout", "--key", "release.pem"],
                ["add", "p-1.closeout", "dist/bin/tool", "--log-key", "release.pem"],
            ] {
                let refused = try await scene.closeout(command)
                #expect(refused.status == 65, "\(command): \(refused.stderrText)")
                #expect(
                    refused.stderrText.contains("\(added[0]) is not the file that line 5 names"))
            }
            #expect(try scene.bytes("p-1.closeout/checkpoint") == before)
        }
    }

    @Test("what others added before is named when it is committed, and only then")
    func reported() async throws {
        try await withSealedRelease { scene in
            for command in [
                Self.seal, ["checkpoint", "p-1.closeout", "--key", "release.pem"],
                ["add", "p-1.closeout", "trust.json", "--log-key", "release.pem"],
            ] {
                try await scene.shellDone("date +%N > evidence.txt")
                let added = try await scene.done("add", "p-1.closeout", "evidence.txt")
                let reported = try await scene.closeout(command)
                #expect(reported.status == 0)
                let text = reported.stderrText
                #expect(text.contains("the checkpoint commits 2 files added before:\n  "))
                #expect(text.contains("  attachment  \(added[0])\n"), "\(text)")
                let again = try await scene.closeout(command)
                #expect(again.status == 0 && !again.stderrText.contains("added before"))
            }
        }
    }
}
