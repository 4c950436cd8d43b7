import CloseoutTestSupport
import Testing

@Suite(
    "A folder of public keys of mixed formats", .requires("openssl"), .requires("gpg"),
    .requires("minisign"), .requires("signify-openbsd"), .requires("ssh-keygen"))
struct MixedKeysTests {
    /// Makes a key pair with each tool, the public halves in `keys`, and each tool's signature over
    /// the seal of a release.
    private static let preparation = """
        set -e
        mkdir keys private signatures; mkdir -m 700 home; export GNUPGHOME="$PWD/home"
        seal=p-1.closeout/seal.json
        minisign -G -W -p keys/mini.pub -s private/mini > /dev/null
        minisign -S -l -s private/mini -m $seal -x signatures/mini > /dev/null
        signify-openbsd -G -n -p keys/sign.pub -s private/sign.sec
        signify-openbsd -S -s private/sign.sec -m $seal -x signatures/sign
        ssh-keygen -q -t ed25519 -N '' -f private/ssh; mv private/ssh.pub keys
        ssh-keygen -q -Y sign -n acme -f private/ssh < $seal > signatures/ssh
        gpg -q --batch --passphrase '' --quick-generate-key a@x.example ed25519 sign never
        gpg -q --export a@x.example > keys/archive.gpg
        gpg -q --batch --detach-sign < $seal > signatures/gpg
        gpgconf --kill all
        for type in rsa3072 ed25519; do
          openssl genpkey -quiet -algorithm ${type%3072} -out private/$type.pem \\
            $([ $type = ed25519 ] || echo -pkeyopt rsa_keygen_bits:3072)
          openssl pkey -in private/$type.pem -pubout -out keys/$type.pub.pem
        done
        openssl dgst -sha512 -sign private/rsa3072.pem -out signatures/rsa $seal
        openssl pkeyutl -sign -rawin -inkey private/ed25519.pem -in $seal -out signatures/ed25519
        cp ca/root.crt.pem keys
        openssl cms -sign -binary -md sha256 -signer ca/leaf.crt.pem -inkey ca/leaf.pem \\
          -in $seal -outform DER -out signatures/cms
        """

    private func withKeys(_ body: (Scene) async throws -> Void) async throws {
        try await withAuthorities { scene, authorities in
            _ = try await authorities.signing.certify("leaf")
            try await scene.shellDone(Self.preparation)
            try await body(scene)
        }
    }

    @Test("becomes one policy, in which each option is for the keys whose format has it")
    func folder() async throws {
        try await withKeys { scene in
            try await scene.done(
                "trust", "init", "mixed.json", "keys", "--operator", "acme", "--role", "archive",
                "--legacy", "--namespace", "acme", "--algorithm", "rsa-pkcs1-sha512",
                "--leaf-spki", "ca/leaf.crt.pem", "--revocation", "none")
            let shown = try await scene.done("trust", "show", "mixed.json")
            for format in ["minisign", "signify", "ssh", "openpgp", "spki", "x509"] {
                #expect(shown.contains { $0.contains(" · operator acme · \(format) · ") })
            }
            let files = try await scene.files(below: "signatures")
            #expect(files.count == 7)
            let attached = try await scene.closeout(
                ["attach", "p-1.closeout"] + files + ["--trust", "mixed.json", "--log-key"]
                    + ["release.pem"])
            #expect(attached.status == 0, "\(attached.stderrText)")
            #expect(attached.stderrText.contains("archive: 7 signatures by 1 operator; needs 1\n"))
        }
    }

    @Test("an option that no key's format has, and a file that is no public key, are named")
    func refused() async throws {
        try await withKeys { scene in
            let start = ["trust", "init", "mixed.json", "keys", "--operator", "acme"]
            let archive = start + ["--role", "archive", "--subject", "x"]
            let member = try await scene.closeout(archive + ["--policy-id", "1.2.3"])
            #expect(member.status == 64)
            #expect(member.stderrText.contains("--policy-id is for keys of the format timestamp"))
            for file in ["private/ssh", "private/ed25519.pem", "dist/NOTES.md"] {
                try await scene.shellDone("cp \(file) keys/stray")
                let refused = try await scene.closeout(archive)
                #expect(refused.status == 65)
                #expect(refused.stderrText.contains("keys/stray"))
            }
            #expect(!scene.has("mixed.json"))
        }
    }

    @Test("a signer's key is named by its digest, its certificate or its public key")
    func leaf() async throws {
        try await withKeys { scene in
            try await scene.shellDone(
                "openssl x509 -in ca/leaf.crt.pem -noout -pubkey > leaf.pub.pem")
            let digest = try await scene.shellDone(
                "openssl pkey -pubin -in leaf.pub.pem -outform DER | sha256sum | cut -c1-64")
            for leaf in ["leaf.pub.pem", "ca/leaf.crt.pem", String(digest.dropLast())] {
                try await scene.done(
                    "trust", "init", "leaf.json", "keys/root.crt.pem", "--operator", "acme",
                    "--role", "archive", "--leaf-spki", leaf)
                let policy = String(decoding: try scene.bytes("leaf.json"), as: UTF8.self)
                #expect(policy.contains("\"leaf_spki\":\"\(digest.dropLast())\""))
                try await scene.shellDone("rm leaf.json")
            }
            let refused = try await scene.closeout(
                "trust", "init", "leaf.json", "keys/root.crt.pem", "--operator", "acme",
                "--role", "archive", "--leaf-spki", "dist/NOTES.md")
            #expect(refused.status == 65)
        }
    }
}
