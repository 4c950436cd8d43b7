import CloseoutTestSupport
import Testing

@Suite("closeout attach", .requires("openssl"))
struct AttachTests {
    @Test(
        "takes what openssl signed by the very command of `request`, for every algorithm",
        arguments: KeyCase.all)
    func request(key: KeyCase) async throws {
        try await withSealedRelease { scene in
            try await key.prepare(scene)
            let request = try await scene.closeout(
                "request", "p-1.closeout", "--for", "openssl", "--key-reference", "signer.pem",
                "--algorithm", key.algorithm)
            let reported = lines(request.stdoutText)
            #expect(reported.first == "./p-1.request")
            try await scene.shellDone(reported.dropFirst().joined(separator: "\n"))
            let then = try #require(lines(request.stderrText).last?.dropFirst("then: ".count))
            try await scene.shellDone(
                then.replacing("POLICY", with: "archive.json") + " --log-key release.pem")
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "archive.json", "--artifacts", "dist")
        }
    }

    /// Scripts that turn the DER signature `s` over the seal into what a service answers, by the
    /// format that it is recognised or named as.
    private static let carriers: [(format: String, named: Bool, script: String)] = [
        ("raw", false, "cat s"),
        ("raw-base64", false, "base64 s"),
        ("raw-base64", false, "base64 -w 0 s"),
        ("vault", false, "printf 'vault:v3:%s\\n' \"$(base64 -w 0 s)\""),
        (
            "aws-kms", false,
            """
            printf '{"KeyId":"arn:k","Signature":"%s","SigningAlgorithm":"ECDSA_SHA_256"}' \
              "$(base64 -w 0 s)"
            """
        ),
        (
            "azure-keyvault", true,
            """
            openssl asn1parse -inform DER -in s | sed -n 's/.*INTEGER *://p' |
              while read n; do printf %64s "$n" | tr ' ' 0; done | basenc --base16 -d |
              basenc --base64url -w 0 | tr -d =
            """
        ),
    ]

    @Test("takes a signature in every form that services give it", arguments: carriers)
    func forms(carrier: (format: String, named: Bool, script: String)) async throws {
        try await withSealedRelease { scene in
            let key = try #require(KeyCase.all.first { $0.algorithm == "ecdsa-p256-sha256" })
            try await key.prepare(scene)
            try await scene.shellDone(
                key.signing("p-1.closeout/seal.json", into: "s") + "\n(\(carrier.script)) > given")
            let type = carrier.named ? ["--type", carrier.format] : []
            let attached = try await scene.closeout(
                ["attach", "p-1.closeout", "given", "--trust", "archive.json", "--log-key"]
                    + ["release.pem", "--by", "an operator"] + type)
            #expect(attached.status == 0, "\(attached.stderrText)")
            #expect(attached.stderrText.contains("given: recognised as \(carrier.format)\n"))
            let stored = try #require(lines(attached.stdoutText).first)
            #expect(try scene.bytes("p-1.closeout/" + stored) == (try scene.bytes("given")))
            let verified = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "archive.json", "--artifacts", "dist",
                "--details")
            #expect(verified.status == 0)
            #expect(
                verified.stdoutText.contains("  outside (signer): valid, counts for the role "))
        }
    }

    @Test(
        "refuses with 30, writing nothing, what is not over this seal by a trusted key",
        arguments: [
            "openssl dgst -sha256 -sign signer.pem -out given dist/NOTES.md",
            "openssl dgst -sha256 -sign stranger.pem -out given p-1.closeout/seal.json",
        ])
    func refused(script: String) async throws {
        try await withSealedRelease { scene in
            let key = try #require(KeyCase.all.first { $0.algorithm == "ecdsa-p256-sha256" })
            try await key.prepare(scene)
            try await scene.shellDone(
                """
                set -e
                openssl genpkey -quiet \(key.generation) -out stranger.pem
                \(key.signing("p-1.closeout/seal.json", into: "good"))
                \(script)
                """)
            let before = try await scene.shellDone("cksum $(find p-1.closeout -type f)")
            for files in [["given"], ["good", "given"]] {
                let refused = try await scene.closeout(
                    ["attach", "p-1.closeout"] + files + ["--trust", "archive.json"])
                #expect(refused.status == 30)
                #expect(refused.stdout == [])
                #expect(refused.stderrText.contains("hint: nothing was stored"))
            }
            #expect(try await scene.shellDone("cksum $(find p-1.closeout -type f)") == before)
        }
    }

    @Test("demands to know whom to trust")
    func trustNeeded() async throws {
        try await withSealedRelease { scene in
            let refused = try await scene.closeout("attach", "p-1.closeout", "dist/NOTES.md")
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("hint: give --trust POLICY or --key PUB"))
        }
    }

    @Test("a signature that is there already is named by its path and not stored again")
    func again() async throws {
        try await withSealedRelease { scene in
            let file = try await scene.signature(in: "p-1.closeout", ending: ".dsse.json")
            try await scene.shellDone("cp \(file) mine")
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            let reported = try await scene.done(
                "attach", "p-1.closeout", "mine", "--trust", "trust.json", "--log-key",
                "release.pem")
            #expect(reported.map { "p-1.closeout/" + $0 } == [file])
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
        }
    }

    @Test("says for which roles the signatures now count and what they need")
    func roles() async throws {
        try await withSealedRelease { scene in
            let key = try #require(KeyCase.all.first)
            try await key.prepare(scene)
            try await scene.shellDone(key.signing("p-1.closeout/seal.json", into: "s"))
            let attached = try await scene.closeout(
                "attach", "p-1.closeout", "s", "--trust", "archive.json")
            #expect(attached.stderrText.contains("release: 1 signature by 1 operator; needs 1\n"))
            #expect(attached.stderrText.contains("archive: 1 signature by 1 operator; needs 1\n"))
        }
    }
}
