import CloseoutTestSupport
import Testing

/// Four operators with four tools, three of whom have to sign.
///
/// Each has a key that ends in 2090 and another that begins then; judgements are made in 2092.
@Suite(
    "A policy over years", .requires("openssl"), .requires("gpg"), .requires("minisign"),
    .requires("ssh-keygen"))
struct RotationTests {
    /// Makes two keys with each tool, and the policy of all eight.
    private static let keys = """
        set -e
        mkdir keys; mkdir -m 700 home; export GNUPGHOME="$PWD/home"
        for when in old new; do
          minisign -G -W -p keys/minisign-$when.pub -s keys/minisign-$when > /dev/null
          ssh-keygen -q -t ed25519 -N '' -C x -f keys/ssh-$when
          gpg -q --batch --passphrase '' --quick-generate-key $when@x.example ed25519 sign never
          gpg -q --armor --export $when@x.example > keys/gpg-$when.asc
          openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-384 \\
            -out keys/openssl-$when
          openssl pkey -in keys/openssl-$when -pubout -out keys/openssl-$when.pem
        done
        closeout trust init policy.json release.pub.pem --operator logger --role log
        for tool in minisign ssh gpg openssl; do
          closeout trust add policy.json keys/$tool-old.??? --operator $tool --role release \\
            --threshold 3 --not-after 2090-01-01T00:00:00Z
          closeout trust add policy.json keys/$tool-new.??? --operator $tool --role release \\
            --not-before 2090-01-01T00:00:00Z
        done
        closeout trust add policy.json tsa/root.crt.pem --operator stamper --role timestamp --id tsa
        mv policy.json trust.json
        """

    private func withKeys(_ body: (Scene, Authorities) async throws -> Void) async throws {
        try await withAuthorities { scene, authorities in
            let result: Result<Void, any Error>
            do {
                try await scene.shellDone(Self.keys)
                result = .success(try await body(scene, authorities))
            } catch { result = .failure(error) }
            _ = try? await scene.shell("gpgconf --homedir \"$PWD/home\" --kill all")
            try result.get()
        }
    }

    /// Makes a release of the keys of one time, with the signatures of three tools.
    private func release(_ version: Int, by when: String, _ scene: Scene) async throws {
        try await scene.shellDone(
            """
            set -e; export GNUPGHOME="$PWD/home"
            closeout freeze dist --release p@\(version) -o p-\(version).closeout
            seal=p-\(version).closeout/seal.json
            minisign -S -s keys/minisign-\(when) -m $seal -x \(version).minisign > /dev/null
            ssh-keygen -q -Y sign -n closeout -f keys/ssh-\(when) < $seal > \(version).ssh
            gpg -q --batch -u \(when)@x.example --detach-sign < $seal > \(version).gpg
            closeout attach p-\(version).closeout \(version).* --trust trust.json \\
              --log-key release.pem
            """)
    }

    /// Verifies a release in 2092.
    private func verdict(_ version: Int, _ scene: Scene) async throws -> String {
        let verified = try await scene.closeout(
            "verify", "p-\(version).closeout", "--trust", "trust.json", "--artifacts", "dist",
            "--as-of", "2092-06-01T00:00:00Z", "--format", "json")
        return try ReportReading(parsing: verified.stdout).verdict
    }

    @Test("years later releases of retired keys and of their successors both verify")
    func rotation() async throws {
        try await withKeys { scene, authorities in
            try await scene.shellDone("rm -r p-1.closeout")
            try await release(1, by: "old", scene)
            try await release(2, by: "new", scene)
            #expect(try await verdict(1, scene) == "INCOMPLETE")
            try await authorities.attach(authorities.stamp(), logKey: false)
            #expect(try await verdict(1, scene) == "VERIFIED")
            #expect(try await verdict(2, scene) == "VERIFIED")
            // A fourth operator can stand in for one of the three, and two are too few.
            try await scene.shellDone(
                "sed 's/\"threshold\":3/\"threshold\":4/' trust.json > four; mv four trust.json")
            #expect(try await verdict(2, scene) == "INCOMPLETE")
            try await scene.shellDone(
                """
                set -e
                openssl dgst -sha384 -sign keys/openssl-new -out fourth p-2.closeout/seal.json
                closeout attach p-2.closeout fourth --trust trust.json --log-key release.pem
                """)
            #expect(try await verdict(2, scene) == "VERIFIED")
        }
    }

    @Test("a compromised key kills what has no earlier proven time, and nothing else")
    func compromised() async throws {
        try await withKeys { scene, authorities in
            try await scene.shellDone("rm -r p-1.closeout")
            try await release(1, by: "old", scene)
            try await release(3, by: "old", scene)
            try await authorities.attach(authorities.stamp(), logKey: false)
            let revoke = "closeout trust revoke trust.json minisign-old --reason compromised --at"
            try await scene.shellDone("\(revoke) 2080-01-01T00:00:00Z")
            #expect(try await verdict(1, scene) == "VERIFIED")
            for instant in ["2030-01-01T00:00:00Z", "2092-01-01T00:00:00Z"] {
                let killed = try await scene.closeout(
                    "verify", "p-3.closeout", "--trust", "trust.json", "--artifacts", "dist",
                    "--as-of", instant)
                #expect(killed.status == 30)
                #expect(killed.stdoutText.contains("  signature.key-revoked  "))
            }
            // Stolen before the time that is proven.
            try await scene.shellDone("\(revoke) 2025-01-01T00:00:00Z")
            #expect(try await verdict(1, scene) == "FAILED")
        }
    }
}
