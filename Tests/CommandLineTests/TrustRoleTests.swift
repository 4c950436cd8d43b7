import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("closeout trust role, and what changes of a policy mean")
struct TrustRoleTests {
    private static let verify = [
        "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
    ]

    private func trust(_ scene: Scene, _ arguments: String) async throws -> RunResult {
        try await scene.shell("closeout trust \(arguments)")
    }

    @Test("gives a role to a key, changes its threshold, and takes it away, as verdicts show")
    func changes() async throws {
        try await withStaffedRelease { scene in
            let two = try await trust(scene, "role trust.json release --add alice --threshold 2")
            #expect(two.status == 0, "\(two.stderrText)")
            #expect(two.stdoutText == "trust.json\n")
            #expect(
                two.stderrText.contains(
                    "role release takes 2 operators: bundles that fewer signed will be INCOMPLETE"))
            #expect(try await scene.closeout(Self.verify).status == 40)
            try await scene.done(
                "sign", "p-1.closeout", "--key", "alice.pem", "--log-key", "release.pem")
            #expect(try await scene.closeout(Self.verify).status == 0)
            let gone = try await trust(
                scene, "role trust.json release --remove alice --threshold 1")
            #expect(gone.stderrText.contains("alice no longer serves release"))
            #expect(try await scene.closeout(Self.verify).status == 0)
            let archive = try await trust(scene, "role trust.json archive --add bob")
            #expect(
                archive.stderrText.contains("role archive is new: every bundle needs a seal signed")
            )
            #expect(try await scene.closeout(Self.verify).status == 40)
        }
    }

    @Test("refuses what nobody could fulfil or what is no change, and says what to do")
    func refusals() async throws {
        try await withStaffedRelease { scene in
            let policy = try scene.bytes("trust.json")
            for (arguments, status, words, hint) in [
                ("release", 64, "say what changes", "--help"),
                ("release --remove release", 64, "no key would be left", "--add ID"),
                ("release --threshold 2", 64, "2 operators, and its keys have 1", "--threshold"),
                ("release --add alice --threshold 3", 64, "keys have 2", "--threshold"),
                ("retention --remove carol --threshold 2", 64, "keys have 1", "--threshold"),
                ("archive --threshold 1", 64, "does not define it", "--add ID"),
                ("archive --remove alice", 64, "does not define it", "--add ID"),
                ("release --add release", 64, "release serves it already", "trust show"),
                ("release --remove alice", 64, "alice does not serve it", "trust show"),
                ("release --add nobody", 65, "there is no key nobody", "trust show"),
                ("release --add alice --threshold 0", 65, "threshold", ""),
                ("witness --add alice", 65, "cannot serve as witness", ""),
                ("releese --add alice", 64, "releese", ""),
            ] as [(String, Int32, String, String)] {
                let refused = try await trust(scene, "role trust.json \(arguments)")
                #expect(refused.status == status, "\(arguments): \(refused.stderrText)")
                #expect(refused.stderrText.contains(words), "\(refused.stderrText)")
                #expect(refused.stderrText.contains(hint), "\(refused.stderrText)")
                #expect(refused.stdout == [])
            }
            #expect(try scene.bytes("trust.json") == policy)
        }
    }

    @Test("retire and revoke end every entry of the key, and say which verdicts that changes")
    func ends() async throws {
        try await withSealedRelease { scene in
            let twice = try await trust(
                scene,
                "add trust.json release.pub.pem --id twin --operator release --role archive")
            #expect(twice.stderrText.contains("twin is the same key as release"))
            let linted = try await trust(scene, "lint trust.json")
            #expect(linted.status == 40)
            #expect(linted.stdoutText == "key-twice  keys[1]: twin is the same key as release\n")
            try await scene.shellDone("cp trust.json one.json; cp trust.json two.json")
            let retired = try await trust(
                scene, "retire trust.json twin --at 2090-01-01T00:00:00Z")
            #expect(
                retired.stderrText.contains(
                    "release ends at 2090-01-01T00:00:00Z, twin ends at 2090-01-01T00:00:00Z: "))
            #expect(
                retired.stderrText.contains(
                    "bundles without a proven time will be INCOMPLETE from then on"))
            #expect(retired.stderrText.contains("hint: until then, time-stamp"))
            for (policy, instant, status) in [
                ("trust.json", "2090-01-01T00:00:00Z", Int32(0)),
                ("trust.json", "2090-01-01T00:00:01Z", 40),
            ] {
                let reported = try await scene.closeout(
                    "verify", "p-1.closeout", "--trust", policy, "--artifacts", "dist", "--as-of",
                    instant)
                #expect(reported.status == status, "\(instant)")
            }
            let past = try await trust(scene, "retire one.json release")
            #expect(past.stderrText.contains("hint: what nothing dates before then"))
            let revoked = try await trust(
                scene, "revoke two.json twin --reason cessationOfOperation")
            #expect(revoked.stderrText.contains("will be FAILED from "))
            #expect(revoked.stderrText.contains("release, twin revoked (cessationOfOperation): "))
        }
    }

    @Test("a key is changed after a year in the two ways that README.md shows")
    func afterAYear() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                closeout keygen --no-passphrase -o next --quiet
                closeout trust add trust.json next.pub.pem --operator acme --role release --role log
                closeout seal dist --release p@2 --key next.pem
                """)
            let second = ["verify", "p-2.closeout"] + Self.verify.dropFirst(2)
            for both in [Self.verify, second] {
                #expect(try await scene.closeout(both).status == 0)
            }
            let retired = try await trust(
                scene, "retire trust.json release --at 2026-01-01T00:00:00Z")
            #expect(retired.stderrText.contains("will be INCOMPLETE"))
            #expect(try await scene.closeout(Self.verify).status == 40)
            #expect(try await scene.closeout(second).status == 0)
            try await scene.shellDone(
                "closeout sign p-1.closeout --key next.pem --log-key next.pem")
            #expect(try await scene.closeout(Self.verify).status == 0)
        }
    }

    @Test("a key that only signs records makes those asserted, and pinning says what it means")
    func records() async throws {
        try await withStaffedRelease { scene in
            let retired = try await trust(scene, "retire trust.json bob")
            #expect(
                retired.stderrText.contains(
                    "records and decisions without a proven time will be only asserted"))
            #expect(!retired.stderrText.contains("INCOMPLETE"))
            let revoked = try await trust(
                scene, "revoke trust.json carol --reason compromised --at 2026-01-01T00:00:00Z")
            #expect(
                revoked.stderrText.contains(
                    "without a time proven to be before 2026-01-01T00:00:00Z"))
            let pinned = try await trust(scene, "pin trust.json artifacts-only")
            #expect(
                pinned.stderrText.contains(
                    "bundles whose last decision was made under other criteria are INCOMPLETE"))
        }
    }

    @Test("one change is one version, also where it adds several keys")
    func versions() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                for n in a b c; do ssh-keygen -q -t ed25519 -N '' -C '' -f $n; done
                for n in a b c; do echo "$n $(cat $n.pub)"; done > allowed
                closeout trust add trust.json allowed --operator ssh --role archive
                """)
            let shown = try await scene.done("trust", "show", "trust.json")
            #expect(shown.first == "version  2")
            #expect(shown.count { $0.hasPrefix("earlier  sha256:") } == 1)
            #expect(!shown.joined().contains("before it"))
        }
    }

    @Test("a file that cannot enter a policy is named, whichever of several it is")
    func named() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                mkdir keys
                for n in a b; do
                  closeout keygen --no-passphrase -o keys/$n --quiet; rm keys/$n.pem
                done
                """)
            func refused(_ prepare: String, _ name: String) async throws {
                try await scene.shellDone("rm -rf k; cp -r keys k; \(prepare)")
                let result = try await trust(scene, "init new.json k --operator x")
                #expect(result.status == 65, "\(prepare)")
                #expect(result.stderrText.contains(name), "\(result.stderrText)")
                #expect(!scene.has("new.json"))
            }
            try await refused("echo junk > k/z.txt", "k/z.txt: not a public key")
            try await refused(
                "cp k/a.pub.pem 'k/my key.pem'", "k/my key.pem: trust policy: keys[2]")
            try await refused("cp k/a.pub.pem k/a.pem", "k/a.pem and k/a.pub.pem would both be")
            try await refused("cp release.pem k/z.pem", "k/z.pem: a private key")
            try await refused(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x "
                    + "-keyout /dev/null -out k/z.pem 2>&1",
                "k/z.pem: trust policy: keys[2].subjects")
            for (arguments, status) in [
                ("init keys release.pub.pem --operator x", Int32(73)),
                ("add trust.json keys --operator x --role archive", 65), ("show keys", 65),
                ("add keys release.pub.pem --operator x --role archive", 73),
            ] {
                let result = try await trust(scene, arguments)
                #expect(result.status == status)
                #expect(result.stderrText.hasPrefix("closeout: keys"), "\(result.stderrText)")
            }
        }
    }
}
