import CloseoutTestSupport
import Testing

@Suite("What commands say of a mistake")
struct MessageTests {
    @Test(
        "an empty name is called so",
        arguments: ["verify p-1.closeout --key ''", "criteria lint ''"])
    func emptyName(command: String) async throws {
        try await withSealedRelease { scene in
            let refused = try await scene.shell("closeout \(command)")
            #expect(refused.status == 66)
            #expect(refused.stderrText.hasPrefix("closeout: an empty name: cannot open: "))
        }
    }

    @Test("standard output that is full is named")
    func standardOutput() async throws {
        try await withSealedRelease { scene in
            let full = try await scene.shell("closeout show p-1.closeout > /dev/full")
            #expect(full.status == 74)
            #expect(full.stderrText.hasPrefix("closeout: standard output: cannot write: "))
        }
    }

    @Test(
        "a public key in place of a private one is named as what it is",
        arguments: [
            "sign p-1.closeout --key", "checkpoint p-1.closeout --key",
            "add p-1.closeout dist/NOTES.md --log-key",
        ])
    func publicKey(command: String) async throws {
        try await withSealedRelease { scene in
            let refused = try await scene.shell("closeout \(command) release.pub.pem")
            #expect(refused.status == 65)
            #expect(
                refused.stderrText.hasPrefix(
                    "closeout: release.pub.pem is a public key, and a private one is needed\nhint: "
                ))
        }
    }

    @Test(
        "a program that signs and fails ends with 30, one that answers nonsense with 65",
        arguments: [
            ("exit 3", 30, "the signer failed"), ("kill -9 $$", 30, "the signer failed"),
            ("true", 30, "answered nothing"), ("exec <&- >&-; exit 1", 30, "the signer failed"),
            ("no-such-program", 30, "the signer failed"),
            ("head -c 300000 /dev/zero", 65, "more than 262144 bytes"),
            ("yes", 65, "more than 262144 bytes"), ("echo x", 65, "no signature of a known format"),
        ] as [(String, Int32, String)])
    func signer(command: String, status: Int32, words: String) async throws {
        try await withSealedRelease { scene in
            let refused = try await scene.closeout(
                "sign", "p-1.closeout", "--with", "exec:\(command)", "--trust", "trust.json")
            #expect(refused.status == status, "\(refused.stderrText)")
            #expect(refused.stderrText.contains("closeout: "), "\(refused.stderrText)")
            #expect(refused.stderrText.contains(words), "\(refused.stderrText)")
            #expect(refused.stdout == [])
        }
    }

    @Test(
        "an option that takes one value is not taken twice",
        arguments: [
            ["verify", "p-1.closeout", "--key", "a", "--key", "release.pub.pem"],
            ["verify", "p-1.closeout", "--trust=trust.json", "--trust", "trust.json"],
            ["verify", "p-1.closeout", "--format", "json", "--format", "text"],
            ["prove", "p-1.closeout", "NOTES.md", "-o", "a", "-o", "b"],
            ["prove", "p-1.closeout", "NOTES.md", "-o", "a", "--output", "b"],
            ["trust", "retire", "trust.json", "release", "--at", "2026-01-01T00:00:00Z", "--at=x"],
        ])
    func twice(arguments: [String]) async throws {
        try await withSealedRelease { scene in
            let refused = try await scene.closeout(arguments)
            #expect(refused.status == 64, "\(refused.stderrText)")
            #expect(refused.stdout == [])
            #expect(!scene.has("a") && !scene.has("b"))
        }
    }

    @Test("what may be given repeatedly still may, and so may flags")
    func repeatable() async throws {
        try await withSealedRelease { scene in
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "trust.json", "--file", "dist/NOTES.md",
                "--file", "dist/bin/tool", "--require", "release", "--require", "log", "--quiet",
                "--quiet", "--report", "json=a", "--report", "text=b")
        }
    }

    @Test("a chosen file has a name, and so has its path", arguments: ["=a", "a=", "=", ""])
    func chosenFile(argument: String) async throws {
        try await withSealedRelease { scene in
            let refused = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--file", argument)
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("it is not FILE or FILE=PATH"))
        }
    }

    @Test("criteria are not taken for a proof, which holds no decision")
    func proof() async throws {
        try await withSealedRelease { scene in
            try await scene.done("prove", "p-1.closeout", "NOTES.md", "-o", "proof")
            let refused = try await scene.closeout(
                "verify", "proof", "--trust", "trust.json", "--file", "dist/NOTES.md", "--criteria",
                "artifacts-only")
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("only a bundle holds decisions"))
        }
    }
}
