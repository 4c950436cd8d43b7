import CloseoutTestSupport
import Testing

@Suite("What is said of a policy and its keys")
struct PolicyMessageTests {
    /// A sealed release whose policy has a role `archive`, and a second key.
    private func withArchive(_ body: (Scene) async throws -> Void) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                for n in second third; do closeout keygen --quiet --no-passphrase -o $n; done
                closeout trust add trust.json second.pub.pem --operator b --role archive --quiet
                """)
            try await body(scene)
        }
    }

    @Test(
        "an option about a role that is there with another rule is refused, and nothing changes",
        arguments: [
            ("archive --threshold 2", "role archive has threshold 1 already"),
            ("archive --releases q", "role archive has no limit to releases already"),
        ])
    func otherRule(role: String, words: String) async throws {
        try await withArchive { scene in
            let before = try scene.bytes("trust.json")
            let refused = try await scene.shell(
                "closeout trust add trust.json third.pub.pem --operator c --role \(role)")
            #expect(refused.status == 64)
            #expect(refused.stderrText.hasPrefix("closeout: \(words)"), "\(refused.stderrText)")
            #expect(try scene.bytes("trust.json") == before)
        }
    }

    @Test("an option that says what the role's rule is already is taken")
    func sameRule() async throws {
        try await withArchive { scene in
            try await scene.done(
                "trust", "add", "trust.json", "third.pub.pem", "--operator", "c", "--role",
                "archive", "--threshold", "1")
        }
    }

    @Test("init without a role gives its own roles the threshold and the releases")
    func usualRoles() async throws {
        try await withArchive { scene in
            try await scene.shellDone(
                "closeout trust init new.json second.pub.pem third.pub.pem --operator b "
                    + "--threshold 2 --releases q")
            let shown = try await scene.done("trust", "show", "new.json")
            #expect(shown.contains("  release  2 of second, third, for q"))
            #expect(shown.contains("  log  2 of second, third, for q"))
            for threshold in ["0", "300"] {
                let refused = try await scene.closeout(
                    "trust", "init", "bad.json", "second.pub.pem", "--operator", "b",
                    "--threshold", threshold)
                #expect(refused.status == 65)
                #expect(refused.stderrText.contains("bad.json: trust policy: roles."))
            }
            #expect(!scene.has("bad.json"))
        }
    }

    @Test(
        "a window that is given shortens those of allowed_signers", .requires("ssh-keygen"))
    func window() async throws {
        try await withArchive { scene in
            try await scene.shellDone(
                """
                set -e
                ssh-keygen -q -t ed25519 -N '' -f id
                echo "ann@x $(cut -d ' ' -f 1,2 id.pub)" > signers
                closeout trust init new.json signers --operator b --role release \\
                  --not-after 2030-01-01T00:00:00Z
                """)
            let policy = String(decoding: try scene.bytes("new.json"), as: UTF8.self)
            #expect(policy.contains(#""not_after":"2030-01-01T00:00:00Z""#))
        }
    }

    @Test(
        "a message about a policy names its file, and what to do",
        arguments: [
            (
                "trust add trust.json third.pub.pem --operator b --role archive --id second", 65,
                "closeout: trust.json has a key second already\nhint: give the new one another name"
            ),
            (
                "trust add trust.json third.pub.pem --operator b --role archive --legacy", 64,
                "closeout: --legacy is for keys of the format minisign\n"
            ),
            (
                "trust retire trust.json nobody", 65,
                "closeout: trust.json: there is no key nobody\n"
            ),
            (
                "trust lint third.pub.pem", 65,
                "closeout: third.pub.pem is a public key, and a policy is needed\nhint: "
            ),
            (
                "verify p-1.closeout --trust third.pub.pem", 65,
                "closeout: third.pub.pem is a public key, and a policy is needed\nhint: "
            ),
            (
                "verify p-1.closeout --key trust.json", 65,
                "closeout: trust.json is a trust policy, and a public key is needed\n"
                    + "hint: give it as --trust"
            ),
            (
                "verify p-1.closeout --trust trust.json --algorithm rsa-pss-sha256", 64,
                "closeout: --algorithm is about --key\n"
            ),
        ] as [(String, Int32, String)])
    func named(command: String, status: Int32, words: String) async throws {
        try await withArchive { scene in
            let refused = try await scene.shell("closeout \(command)")
            #expect(refused.status == status)
            #expect(refused.stderrText.hasPrefix(words), "\(refused.stderrText)")
        }
    }

    @Test("a policy that is too old is refused with the version that is demanded")
    func version() async throws {
        try await withArchive { scene in
            let old = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--trust-version-at-least", "7")
            #expect(old.status == 30)
            #expect(
                old.stdoutText.hasPrefix(
                    "FAILED p 1: trust.json is of version 2: expected 7 or later"))
        }
    }

    @Test(
        "who seals with a key that the policy has for something else is warned",
        arguments: [
            ("--role decider", "as decider"), ("--role hold --releases q", "as hold"),
        ])
    func otherRole(role: String, words: String) async throws {
        try await withArchive { scene in
            try await scene.shellDone(
                "closeout trust add trust.json third.pub.pem --operator c --quiet \(role)")
            for command in [
                "seal dist --release q@1 --key third.pem", "sign p-1.closeout --key third.pem",
            ] {
                let warned = try await scene.shell("closeout \(command) --trust trust.json")
                #expect(warned.status == 0, "\(warned.stderrText)")
                #expect(
                    warned.stderrText.contains(
                        "warning: the policy has this key \(words), and not for the seal of "),
                    "\(warned.stderrText)")
            }
        }
    }

    @Test("who seals another release than the policy has the key for is warned")
    func otherRelease() async throws {
        try await withArchive { scene in
            try await scene.shellDone(
                "closeout trust init new.json third.pub.pem --operator c --releases q")
            for (release, isWarned) in [("r@1", true), ("q@1", false)] {
                let sealed = try await scene.closeout(
                    "seal", "dist", "--release", release, "--key", "third.pem", "--trust",
                    "new.json")
                #expect(
                    sealed.stderrText.contains("this key for other releases only") == isWarned,
                    "\(sealed.stderrText)")
            }
        }
    }

    @Test("a change that changes nothing is refused, and the policy stays as it is")
    func nothing() async throws {
        try await withArchive { scene in
            try await scene.shellDone("closeout trust pin trust.json artifacts-only --quiet")
            let before = try scene.bytes("trust.json")
            let refused = try await scene.shell("closeout trust pin trust.json artifacts-only")
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("trust.json: nothing would change"))
            #expect(try scene.bytes("trust.json") == before)
        }
    }

    @Test(
        "who gives a certificate in place of a key gets the hint to make a policy",
        .requires("openssl"))
    func certificate() async throws {
        try await withArchive { scene in
            try await scene.shellDone(
                "openssl req -x509 -newkey rsa:2048 -nodes -keyout c.key -out c.pem -subj /CN=c")
            let refused = try await scene.shell("closeout verify p-1.closeout --key c.pem")
            #expect(refused.status == 65)
            #expect(
                refused.stderrText.hasPrefix("closeout: c.pem is a certificate, and only a policy"))
            #expect(refused.stderrText.contains("hint: `closeout trust init POLICY CERT "))
        }
    }

    @Test("a signature that carries a long file along is refused with what to give instead")
    func longSignature() async throws {
        try await withArchive { scene in
            let refused = try await scene.shell(
                "head -c 300000 /dev/zero >long; closeout verify-signature long long --trust trust.json"
            )
            #expect(refused.status == 65)
            #expect(
                refused.stderrText.contains("long: cannot read: it is larger than 262144 bytes"))
            #expect(refused.stderrText.contains("hint: give a file with the signatures alone"))
        }
    }
}
