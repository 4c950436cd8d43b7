import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("Files of public keys")
struct KeyFileTests {
    @Test("of a whole project become one entry, and the policy is read as the file is")
    func keys() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                mkdir -m 700 home; export GNUPGHOME="$PWD/home"
                for n in a b; do
                  gpg -q --batch --passphrase '' --quick-generate-key $n@x.example ed25519 sign never
                  { echo; gpg --list-keys $n@x.example; gpg --armor --export $n@x.example; } >> KEYS
                done
                gpg -q --batch --local-user b@x.example --detach-sign < p-1.closeout/seal.json > b.sig
                gpgconf --kill all
                """)
            try await scene.done(
                "trust", "add", "trust.json", "KEYS", "--operator", "project", "--role", "archive")
            try await scene.done(
                "attach", "p-1.closeout", "b.sig", "--trust", "trust.json", "--log-key",
                "release.pem")
            let seal = "p-1.closeout/seal.json"
            for trust in [["--key", "KEYS"], ["--trust", "trust.json"]] {
                #expect(
                    try await scene.done(["verify-signature", seal, "b.sig"] + trust).first?
                        .hasPrefix("VERIFIED") == true)
            }
        }
    }

    @Test("that were made after what is dated before them do not make it count, as gpgv says")
    func early() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                mkdir -m 700 home; export GNUPGHOME="$PWD/home"
                gpg -q --batch --passphrase '' --quick-generate-key a@x.example ed25519 sign never
                gpg -q --batch --faked-system-time '20100101T000000!' --ignore-time-conflict \\
                    --detach-sign < dist/NOTES.md > early.sig 2> /dev/null
                gpg --export > a.gpg; gpgconf --kill all
                test -s early.sig || exit 1
                ! gpgv --keyring ./a.gpg early.sig dist/NOTES.md 2> /dev/null
                """)
            let reported = try await scene.closeout(
                "verify-signature", "dist/NOTES.md", "early.sig", "--key", "a.gpg")
            #expect(reported.status == 40)
            #expect(
                reported.stdoutText.contains(
                    "it is dated 2010-01-01T00:00:00Z, and its key was made at"))
        }
    }

    /// A key with user ids that make it too long for a policy, and one more byte than a file may have.
    @Test("that are too long for a policy are named by it, and still longer ones are refused")
    func large() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e
                mkdir -m 700 home; export GNUPGHOME="$PWD/home"; mkdir keys policies
                gpg -q --batch --passphrase '' --quick-generate-key a@x.example ed25519 sign never
                gpg -q --batch --detach-sign < dist/NOTES.md > a.sig
                gpg --export > keys/a.gpg
                for i in 1 2 3 4 5 6; do
                  printf '\\315\\377\\000\\000\\352\\140'; head -c 60000 /dev/zero | tr '\\0' $i
                done >> keys/a.gpg
                gpgconf --kill all
                { cat keys/a.gpg; head -c 4194304 /dev/zero; } > keys/huge.gpg
                """)
            let options = ["--operator", "x", "--role", "archive"]
            for (policy, named) in [("keys/t.json", "a.gpg"), ("policies/t.json", "/keys/a.gpg")] {
                try await scene.done(["trust", "init", policy, "keys/a.gpg"] + options)
                let text = String(decoding: try scene.bytes(policy), as: UTF8.self)
                #expect(text.contains("\(named)\""))
                #expect(text.utf8.count < 1000)
                try await scene.done(
                    "verify-signature", "dist/NOTES.md", "a.sig", "--trust", policy)
            }
            try await scene.done(
                "verify-signature", "dist/NOTES.md", "a.sig", "--key", "keys/a.gpg")
            for command in [
                ["trust", "init", "new.json", "keys/huge.gpg"] + options,
                ["verify-signature", "dist/NOTES.md", "a.sig", "--key", "keys/huge.gpg"],
            ] {
                let refused = try await scene.closeout(command)
                #expect(refused.status == 65)
                #expect(refused.stderrText.contains("larger than 4194304 bytes"))
                #expect(refused.stderrText.contains("hint: "))
            }
            #expect(!scene.has("new.json"))
        }
    }

    @Test("show the end that a key's owner gave it, in every place where the key is shown")
    func ownEnd() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                mkdir -m 700 home; export GNUPGHOME="$PWD/home"
                g() { t=$1; shift; gpg -q --batch --passphrase '' --faked-system-time "$t!" "$@"; }
                g 20180101T000000 --quick-generate-key a@x.example ed25519 sign 2019-01-01
                g 20180101T000000 --export > a.gpg
                fpr=$(gpg --with-colons --list-keys | sed -n 's/^fpr:*\\([0-9A-F]*\\):$/\\1/p')
                g 20180601T000000 --detach-sign < p-1.closeout/seal.json > before.sig
                g 20180601T000000 --quick-set-expire "$fpr" 20y
                g 20250101T000000 --detach-sign < p-1.closeout/seal.json > after.sig
                gpgconf --kill all
                """)
            let end = "2019-01-01T12:00:00Z"
            let seal = "p-1.closeout/seal.json"
            let early = try await scene.done(
                "verify-signature", seal, "before.sig", "--key", "a.gpg")
            #expect(early.contains { $0.contains("its key's own end \(end) · verifies") })
            let late = try await scene.closeout(
                "verify-signature", seal, "after.sig", "--key", "a.gpg", "--format", "json")
            #expect(late.status == 40)
            let json = try JSON(parsing: late.stdout)
            let line = json["signatures"]?.elements?.first
            #expect(line?["key_own_end"]?.text == end)
            #expect(line?["reason"]?.text?.contains("dated 2025-01-01T00:00:00Z") == true)
            let added = try await scene.closeout(
                "trust", "add", "trust.json", "a.gpg", "--operator", "x", "--role", "archive")
            #expect(added.stderrText.contains("a ended at \(end)"))
            #expect(
                try await scene.done("trust", "show", "trust.json").contains {
                    $0.contains(" until \(end)")
                })
            let lint = try await scene.closeout("trust", "lint", "trust.json")
            #expect(lint.stdoutText.contains("key-expired  keys[1]: a ended at \(end)"))
            try await scene.done(
                "attach", "p-1.closeout", "before.sig", "--trust", "trust.json", "--log-key",
                "release.pem")
            let report = try await scene.done(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                "--details")
            #expect(report.contains { $0.contains("its owner ended its key at \(end)") })
            try await scene.done(
                "trust", "init", "lenient.json", "a.gpg", "--operator", "x", "--role", "archive",
                "--key-expiry", "ignore")
            try await scene.done("verify-signature", seal, "after.sig", "--trust", "lenient.json")
        }
    }

    @Test("of a log's verifier key serve the role log")
    func verifierKey() async throws {
        try await withSealedRelease { scene in
            let vkey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
            try scene.write(vkey + "\r\n", to: "log.vkey")
            try await scene.done(
                "trust", "add", "trust.json", "log.vkey", "--operator", "go", "--role", "log")
            #expect(
                try await scene.done("trust", "show", "trust.json").contains {
                    $0.contains("log.vkey · operator go · note · ed25519")
                })
        }
    }
}
