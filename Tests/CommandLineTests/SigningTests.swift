import CloseoutTestSupport
import Testing

@Suite("closeout sign", .requires("openssl"))
struct SigningTests {
    @Test("openssl verifies the raw signatures of every algorithm", arguments: KeyCase.all)
    func raw(key: KeyCase) async throws {
        try await withSealedRelease { scene in
            try await key.prepare(scene)
            let algorithm = key.algorithm.hasPrefix("rsa") ? ["--algorithm", key.algorithm] : []
            let signed = try await scene.closeout(
                ["sign", "p-1.closeout", "--key", "signer.pem", "--type", "raw", "--log-key"]
                    + ["release.pem"] + algorithm)
            #expect(signed.status == 0)
            let file = "p-1.closeout/" + signed.stdoutText.dropLast()
            #expect(file.hasSuffix(".sig"))
            try await scene.shellDone(key.verifying("p-1.closeout/seal.json", file))
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "archive.json", "--artifacts", "dist")
        }
    }

    @Test("an outside signer is run with its own commands, as request would print them")
    func tool() async throws {
        try await withSealedRelease { scene in
            let key = try #require(KeyCase.all.first { $0.algorithm == "ecdsa-p384-sha384" })
            try await key.prepare(scene)
            try await scene.done(
                "sign", "p-1.closeout", "--with", "openssl", "--key-reference", "signer.pem",
                "--algorithm", key.algorithm, "--trust", "archive.json", "--log-key",
                "release.pem")
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "archive.json", "--artifacts", "dist")
            let keyless = try await scene.closeout(
                "sign", "p-1.closeout", "--with", "openssl", "--trust", "archive.json")
            #expect(keyless.status == 64)
            let typed = try await scene.closeout(
                "sign", "p-1.closeout", "--with", "openssl", "--key-reference", "signer.pem",
                "--trust", "archive.json", "--type", "dsse")
            #expect(typed.status == 64)
            #expect(typed.stderrText.contains("--type"))
        }
    }

    @Test("a program that signs is given the seal and answers with the signature")
    func program() async throws {
        try await withSealedRelease { scene in
            let key = try #require(KeyCase.all.first { $0.algorithm == "ecdsa-p256-sha256" })
            try await key.prepare(scene)
            let stored = try await scene.done(
                "sign", "p-1.closeout", "--with",
                "exec:tee seen | openssl dgst -sha256 -sign signer.pem", "--trust",
                "archive.json", "--key-reference", "the blue one", "--log-key", "release.pem")
            #expect(try scene.bytes("seen") == (try scene.bytes("p-1.closeout/seal.json")))
            #expect(stored.count == 2)
            let record = try scene.bytes("p-1.closeout/" + stored[1])
            #expect(String(decoding: record, as: UTF8.self).contains("the blue one"))
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "archive.json", "--artifacts", "dist")
        }
    }

    @Test("a program's signature that no content shows is taken as --type says")
    func programType() async throws {
        try await withSealedRelease { scene in
            let key = try #require(KeyCase.all.first { $0.algorithm == "rsa-pkcs1-sha256" })
            try await key.prepare(scene)
            let sign = [
                "sign", "p-1.closeout", "--with",
                "exec:openssl dgst -sha256 -sign signer.pem | base64 -w 0 | tr +/ -_ | tr -d =",
                "--trust", "archive.json", "--log-key", "release.pem",
            ]
            let asked = try await scene.closeout(sign)
            #expect(asked.status == 65)
            #expect(asked.stderrText.contains("hint: "))
            #expect(asked.stderrText.contains("--type azure-keyvault"))
            let unknown = try await scene.closeout(sign + ["--type", "unheard-of"])
            #expect(unknown.status == 64)
            #expect(
                try await scene.closeout(sign + ["--type", "azure-keyvault"]).status == 0)
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "archive.json", "--artifacts", "dist",
                "--require", "archive")
        }
    }

    @Test(
        "a program that fails, answers nothing, or signs something else leaves no trace",
        arguments: [
            "exit 7", "cat > /dev/null",
            "printf other | openssl dgst -sha256 -sign signer.pem",
        ])
    func badProgram(command: String) async throws {
        try await withSealedRelease { scene in
            let key = try #require(KeyCase.all.first { $0.algorithm == "ecdsa-p256-sha256" })
            try await key.prepare(scene)
            let before = try await scene.shellDone("cksum $(find p-1.closeout -type f)")
            let refused = try await scene.closeout(
                "sign", "p-1.closeout", "--with", "exec:\(command)", "--trust", "archive.json",
                "--log-key", "release.pem")
            #expect(refused.status == 30)
            #expect(refused.stdout == [])
            #expect(try await scene.shellDone("cksum $(find p-1.closeout -type f)") == before)
        }
    }

    @Test("without a log key says how the log is committed, and that command completes it")
    func uncommitted() async throws {
        try await withSealedRelease { scene in
            let signed = try await scene.closeout(
                "sign", "p-1.closeout", "--key", "release.pem", "--type", "raw")
            #expect(signed.status == 0)
            #expect(
                signed.stderrText.contains("closeout checkpoint p-1.closeout --key LOG-KEY"))
            let verify = ["verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist"]
            let early = try await scene.closeout(verify)
            #expect(early.status == 40)
            #expect(early.stdoutText.contains("  log.uncommitted  "))
            try await scene.done("checkpoint", "p-1.closeout", "--key", "release.pem")
            #expect(try await scene.closeout(verify).status == 0)
        }
    }

    @Test("CLOSEOUT_LOG_KEY renews the checkpoint as --log-key does")
    func logKeyVariable() async throws {
        try await withSealedRelease { scene in
            try await scene.done(
                "sign", "p-1.closeout", "--key", "release.pem", "--type", "raw",
                environment: ["CLOSEOUT_LOG_KEY": "release.pem"])
            try await scene.done(
                "verify", "p-1.closeout", "--artifacts", "dist",
                environment: ["CLOSEOUT_TRUST": "trust.json"])
        }
    }
}
