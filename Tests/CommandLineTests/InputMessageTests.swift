import CloseoutTestSupport
import Testing

@Suite("What is said of a file or word of the wrong kind")
struct InputMessageTests {
    @Test("the printed command to verify works as it is where names begin with a dash")
    func dashes() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "mv dist ./-dist; mv release.pem ./-k.pem; mv release.pub.pem ./-k.pub.pem")
            let sealed = try await scene.shell(
                "closeout seal --release q@1 --key=-k.pem -o ./-q -- -dist")
            let command = try #require(
                lines(sealed.stderrText).first { $0.contains("closeout verify ") })
            #expect(command.contains("--key ./-k.pub.pem --artifacts ./-dist"), "\(command)")
            try await scene.shellDone(command)
        }
    }

    @Test(
        "verify names what is neither a bundle, nor a packed one, nor a proof",
        arguments: [
            "cp trust.json x", "cp p-1.closeout/seal.json x", ": > x",
            "tar cf x --format=v7 dist", "cp /bin/sh x",
        ])
    func nothingToVerify(script: String) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(script)
            let refused = try await scene.closeout("verify", "x", "--trust", "trust.json")
            #expect(refused.status == 65)
            #expect(
                refused.stderrText
                    == "closeout: x is neither a bundle, nor a packed one, nor a proof\n")
        }
    }

    @Test("a proof that was cut off is named")
    func cutProof() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "closeout prove p-1.closeout NOTES.md -o whole; head -c 200 whole > cut")
            let refused = try await scene.closeout(
                "verify", "cut", "--trust", "trust.json", "--file", "dist/NOTES.md")
            #expect(refused.status == 65)
            #expect(refused.stderrText.hasPrefix("closeout: cut: proof is malformed: "))
        }
    }

    @Test(
        "unpack says what is where a packed bundle is needed",
        arguments: [
            ("trust.json", "trust.json is no packed bundle"),
            ("p-1.closeout", "p-1.closeout is a folder, and a packed bundle is one file"),
            ("nothing", "nothing: cannot examine: "),
        ])
    func unpack(file: String, words: String) async throws {
        try await withSealedRelease { scene in
            let refused = try await scene.closeout("unpack", file, "-o", "new")
            #expect(refused.status == 66)
            #expect(refused.stderrText.hasPrefix("closeout: \(words)"), "\(refused.stderrText)")
        }
    }

    @Test(
        "a passphrase on the command line is refused and not repeated",
        arguments: ["geheim", "-", "fd:geheim"])
    func passphrase(word: String) async throws {
        try await withSealedRelease { scene in
            try scene.write("x", to: "geheim")
            for command in ["sign p-1.closeout --key release.pem", "keygen -o new"] {
                let refused = try await scene.shell("closeout \(command) --passphrase \(word)")
                #expect(refused.status == 64)
                #expect(
                    refused.stderrText.hasPrefix(
                        "closeout: --passphrase takes env:NAME, file:PATH or fd:N\n"))
                #expect(!refused.stderrText.contains("geheim"))
            }
        }
    }

    @Test("a descriptor without a number is refused with the ways to name a key")
    func descriptor() async throws {
        try await withSealedRelease { scene in
            let sign = ["sign", "p-1.closeout", "--key"]
            for refused in [
                try await scene.closeout(sign + ["fd:x"]),
                try await scene.closeout(
                    sign + ["release.pem"], environment: ["CLOSEOUT_LOG_KEY": "fd:x"]),
            ] {
                #expect(refused.status == 64)
                #expect(
                    refused.stderrText.contains("hint: a key is named as its file, env:NAME, fd:N"))
            }
        }
    }

    @Test("what is no private key is named as that, whoever may read it")
    func noPrivateKey() async throws {
        try await withSealedRelease { scene in
            let refused = try await scene.closeout(
                "seal", "dist", "--release", "q@1", "--key", "trust.json")
            #expect(refused.status == 65)
            #expect(refused.stderrText == "closeout: trust.json holds no private key\n")
        }
    }

    @Test("a path that the manifest lacks is named as it was given, and not the file")
    func chosenPath() async throws {
        try await withSealedRelease { scene in
            let failed = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--file", "dist/bin/tool=tool")
            #expect(failed.status == 30)
            #expect(failed.stdoutText.hasPrefix("FAILED p 1: tool is not in the manifest"))
        }
    }
}
