import CloseoutTestSupport
import Testing

@Suite("What trust add says of keys of single formats")
struct TrustDetailTests {
    private func add(_ scene: Scene, _ arguments: String) async throws {
        try await scene.shellDone(
            "closeout trust add trust.json \(arguments) --operator other --role archive")
    }

    private func attach(_ scene: Scene, _ file: String) async throws -> Int32 {
        try await scene.closeout(
            "attach", "p-1.closeout", file, "--trust", "trust.json", "--log-key", "release.pem"
        ).status
    }

    @Test("an SSH key signs for the namespaces that were named", .requires("ssh-keygen"))
    func namespaces() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                ssh-keygen -q -t ed25519 -N '' -f id
                for n in acme other file; do
                  ssh-keygen -q -Y sign -n $n -f id < p-1.closeout/seal.json > $n.sig
                done
                """)
            try await add(scene, "id.pub --namespace acme --namespace other")
            #expect(try await attach(scene, "file.sig") == 30)
            #expect(try await attach(scene, "acme.sig") == 0)
            #expect(try await attach(scene, "other.sig") == 0)
        }
    }

    @Test("legacy signatures of minisign count where that is said", .requires("minisign"))
    func legacy() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                minisign -G -W -p k.pub -s k.key > /dev/null
                minisign -S -l -s k.key -m p-1.closeout/seal.json -x legacy > /dev/null
                cp trust.json strict.json
                """)
            try await add(scene, "k.pub --id strict")
            #expect(try await attach(scene, "legacy") == 30)
            try await scene.shellDone("cp strict.json trust.json")
            try await add(scene, "k.pub --legacy")
            #expect(try await attach(scene, "legacy") == 0)
        }
    }

    @Test("a key ring counts by the fingerprints that were named", .requires("gpg"))
    func fingerprints() async throws {
        try await withSealedRelease { scene in
            let printed = try await scene.shellDone(
                """
                set -e
                mkdir -m 700 home; export GNUPGHOME="$PWD/home"
                for n in a b; do
                  gpg -q --batch --passphrase '' --quick-generate-key $n@x.example ed25519 sign never
                  gpg -q --batch --local-user $n@x.example --detach-sign \
                    < p-1.closeout/seal.json > $n.sig
                done
                gpg -q --export > ring.gpg
                gpg --with-colons --list-keys a@x.example | sed -n 's/^fpr:*\\([0-9A-F]*\\):$/\\1/p'
                gpgconf --kill all
                """)
            try await add(scene, "ring.gpg --fingerprint \(try #require(lines(printed).first))")
            #expect(try await attach(scene, "b.sig") == 30)
            #expect(try await attach(scene, "a.sig") == 0)
        }
    }

    @Test("a certificate has its members, in the policy as PEM, by its role one of two formats")
    func certificates() async throws {
        try await withAuthorities { scene, _ in
            try await scene.shellDone("openssl x509 -in ca/root.crt.pem -outform DER -out ca.cer")
            let digest = String(repeating: "ab", count: 32)
            try await add(
                scene,
                "ca.cer --leaf-spki \(digest) --purpose emailProtection --purpose 1.2.3.4 "
                    + "--revocation none")
            try await scene.done(
                "trust", "add", "trust.json", "tsa/root.crt.pem", "--operator", "stamper",
                "--role", "timestamp", "--policy-id", "1.2.3", "--revocation", "crl")
            let policy = String(decoding: try scene.bytes("trust.json"), as: UTF8.self)
            for member in [
                #""format":"x509","id":"ca","key":"-----BEGIN CERTIFICATE-----"#,
                #""leaf_spki":"\#(digest)""#, #""purposes":["emailProtection","1.2.3.4"]"#,
                #""revocation":"none""#, #""format":"timestamp","id":"root""#,
                #""policies":["1.2.3"]"#, #""revocation":"crl""#,
            ] {
                #expect(policy.contains(member), "\(member)")
            }
        }
    }

    @Test("a member that the format does not have, or that is missing, is named")
    func wrongMembers() async throws {
        try await withAuthorities { scene, _ in
            for (arguments, place) in [
                ("ca/root.crt.pem", "subjects"),
                ("ca/root.crt.pem --subject x --leaf-spki 00", "subjects"),
                ("ca/root.crt.pem --subject x --purpose fun", "purposes"),
                ("ca/root.crt.pem --subject x --revocation never", "revocation"),
            ] {
                let refused = try await scene.shell(
                    "closeout trust add trust.json \(arguments) --id n --operator acme "
                        + "--role archive")
                #expect(refused.status == 65, "\(arguments)")
                #expect(refused.stderrText.contains(place), "\(refused.stderrText)")
            }
        }
    }
}
