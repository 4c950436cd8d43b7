import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The common case")
struct OpeningTests {
    static let seal = "closeout seal dist --release payments@1.4.0 --key release.pem"
    static let verify = """
        closeout verify payments-1.4.0.closeout --key release.pub.pem --artifacts dist
        """

    @Test("is one command for each side")
    func twoCommands() async throws {
        try await withScene { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            let sealed = try await scene.shell(Self.seal)
            #expect(sealed.status == 0)
            #expect(sealed.stdoutText == "./payments-1.4.0.closeout\n")
            let verified = try await scene.shell(Self.verify)
            #expect(verified.status == 0)
            #expect(
                verified.stdoutText.hasPrefix("VERIFIED payments 1.4.0\nfiles:  2 files, 11 B, "))
            #expect(verified.stderr == [])
        }
    }

    @Test("seal ends with the exact command to publish, which verifies")
    func printedCommand() async throws {
        try await withScene { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            let sealed = try await scene.shell(Self.seal)
            let command = try #require(lines(sealed.stderrText).last)
            #expect(
                command.drop { $0 == " " } == """
                    closeout verify ./payments-1.4.0.closeout --key release.pub.pem --artifacts \
                    dist --release payments@1.4.0
                    """)
            #expect(try await scene.shell(command).status == 0)
        }
    }

    @Test("seal names a placeholder only for what it cannot know, and says how to get it")
    func unknownPublicKey() async throws {
        try await withScene { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            try await scene.shellDone("mv release.pub.pem elsewhere.pem")
            let sealed = try await scene.shell(Self.seal + " --exclude NOTES.md")
            #expect(
                sealed.stderrText.contains("--key PUBLIC-KEY --artifacts dist --allow-excluded"))
            #expect(sealed.stderrText.contains("hint: `closeout keygen --public KEY`"))
        }
    }

    @Test("sealing single files, the command to publish checks those files")
    func singleFiles() async throws {
        try await withScene { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            let sealed = try await scene.closeout(
                "seal", "dist/NOTES.md", "dist/bin/tool", "--release", "p@1", "--key",
                "release.pem")
            let command = try #require(lines(sealed.stderrText).last)
            #expect(command.contains("--file dist/NOTES.md --file dist/bin/tool"))
            let verified = try await scene.shell(command)
            #expect(verified.status == 0)
            #expect(verified.stdoutText.contains("2 of 2 files looked at"))
        }
    }

    @Test("an RSA key seals with a log key beside it; its own algorithm is in the command")
    func separateLogKey() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                closeout keygen --quiet --type rsa --no-passphrase -o release
                closeout keygen --quiet --no-passphrase -o log
                """)
            let refused = try await scene.shell(Self.seal)
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("--log-key"))
            #expect(!scene.has("payments-1.4.0.closeout"))
            let sealed = try await scene.shell(Self.seal + " --log-key log.pem")
            #expect(sealed.status == 0)
            #expect(sealed.stderrText.contains("--trust POLICY --artifacts dist"))
            try await scene.shellDone(
                """
                closeout trust init trust.json log.pub.pem --operator acme --role log
                closeout trust add trust.json release.pub.pem --operator acme --role release \
                  --algorithm rsa-pss-sha256
                closeout verify payments-1.4.0.closeout --trust trust.json --artifacts dist
                """)
        }
    }

    @Test("sealing the same again changes nothing; sealing something else there is refused")
    func again() async throws {
        try await withSealedRelease { scene in
            let before = try await scene.shellDone("cd p-1.closeout && sha256sum $(find . -type f)")
            try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
            try await scene.done("freeze", "dist", "--release", "p@1")
            let after = try await scene.shellDone("cd p-1.closeout && sha256sum $(find . -type f)")
            #expect(after == before)
            try scene.write("changed\n", to: "dist/NOTES.md")
            let refused = try await scene.closeout(
                "seal", "dist", "--release", "p@1", "--key", "release.pem")
            #expect(refused.status == 73)
            #expect(
                try await scene.shellDone("cd p-1.closeout && sha256sum $(find . -type f)")
                    == before)
        }
    }

    @Test("seal finishes a bundle that was only frozen")
    func frozenBefore() async throws {
        try await withScene { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            try await scene.shellDone("closeout freeze dist --release payments@1.4.0")
            let early = try await scene.shell(Self.verify)
            #expect(early.status == 40)
            try await scene.shellDone(Self.seal)
            try await scene.shellDone(Self.verify)
        }
    }

    @Test("seal warns when the policy ends the key's time, or does not know the key")
    func warnings() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                closeout trust init ending.json release.pub.pem --operator acme \
                  --not-after 2099-01-01T00:00:00Z
                closeout keygen --quiet --no-passphrase -o other --trust other.json
                """)
            let arguments = ["seal", "dist", "--release", "p@1", "--key", "release.pem"]
            let ending = try await scene.closeout(
                arguments, environment: ["CLOSEOUT_TRUST": "ending.json"])
            #expect(ending.status == 0)
            #expect(
                ending.stderrText.contains(
                    "no time-stamp: cannot reach VERIFIED after 2099-01-01T00:00:00Z"))
            #expect(ending.stderrText.contains("--trust ending.json --artifacts dist"))
            let unknown = try await scene.closeout(arguments + ["--trust", "other.json"])
            #expect(unknown.stderrText.contains("the policy does not know this key"))
            let fine = try await scene.closeout(arguments + ["--trust", "trust.json"])
            #expect(!fine.stderrText.contains("warning"))
        }
    }
}
