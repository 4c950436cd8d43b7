import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("A decision and the policy that changes behind it")
struct EarlierPolicyTests {
    private static let verifying = "--trust trust.json --artifacts dist --criteria artifacts-only"

    private func verify(_ scene: Scene, _ options: String = "") async throws -> RunResult {
        try await scene.shell(
            "closeout verify p-1.closeout --details --require-decision \(Self.verifying) \(options)"
        )
    }

    @discardableResult
    private func close(_ scene: Scene, _ options: String = "") async throws -> [String] {
        let closed = try await scene.append(
            "close p-1.closeout --key dora.pem --artifacts dist --criteria artifacts-only "
                + options)
        try #require(closed.status == 0, "\(closed.stderrText)")
        return lines(closed.stdoutText)
    }

    /// Takes the list of earlier policies out, as in a policy that was changed by hand.
    private func forget(_ scene: Scene) async throws {
        try await scene.shellDone("sed -i 's/\"earlier\":[^]]*],//' trust.json")
        let policy = String(decoding: try scene.bytes("trust.json"), as: UTF8.self)
        #expect(!policy.contains("earlier"))
    }

    @Test(
        "is recomputed after every command that changes the policy, and after all of them",
        arguments: [
            "add trust.json next.pub.pem --operator next --role release",
            "role trust.json decider --add next --threshold 1",
            "retire trust.json alice", "revoke trust.json alice --reason superseded",
            "pin trust.json artifacts-only",
        ])
    func outlives(change: String) async throws {
        try await withDecider { scene in
            try await scene.shellDone(
                """
                closeout keygen --no-passphrase -o next --quiet
                closeout trust add trust.json next.pub.pem --operator next --role hold
                """)
            try await close(scene)
            let digest = lines(try await scene.shellDone("sha256sum trust.json | cut -c1-64"))[0]
            let options = change.hasPrefix("add") ? " --id another" : ""
            if !options.isEmpty {
                try await scene.shellDone("closeout keygen --no-passphrase -o next2 --quiet")
            }
            let command = change.replacing("next.pub", with: "next2.pub") + options
            let changed = try await scene.shell("closeout trust \(command)")
            #expect(changed.status == 0, "\(changed.stderrText)")
            #expect(changed.stderrText.contains("sha256:\(digest), is kept in `earlier`"))
            try await scene.shellDone("closeout trust role trust.json hold --remove carol")
            let reported = try await verify(scene)
            #expect(reported.status == 0, "\(reported.stdoutText)")
            #expect(reported.stdoutText.contains("under the policy of then, \(digest)"))
            for command in ["status", "decide", "diff p-1.closeout"] {
                let parts = command.split(separator: " ", maxSplits: 1)
                let artifacts = command == "decide" ? "--artifacts dist" : ""
                let result = try await scene.shell(
                    "closeout \(parts[0]) p-1.closeout \(parts.dropFirst().joined()) "
                        + "--trust trust.json --criteria artifacts-only \(artifacts)")
                #expect(!result.stdoutText.contains("another policy"), "\(result.stdoutText)")
            }
        }
    }

    @Test("is stored with its key files, each once, and withheld from everyone")
    func stored() async throws {
        try await withDecider { scene in
            let policy = String(decoding: try scene.bytes("trust.json"), as: UTF8.self)
            let start = try #require(policy.firstRange(of: "\"key\":\"")).lowerBound
            let end = try #require(policy[start...].firstRange(of: "\\n\"")).upperBound
            try await scene.shellDone("mkdir keys; cp release.pub.pem keys/r.pem")
            let digest = lines(try await scene.shellDone("sha256sum keys/r.pem | cut -c1-64"))[0]
            try scene.write(
                policy[..<start] + "\"file\":\"keys/r.pem\",\"sha256\":\"\(digest)\""
                    + policy[end...], to: "trust.json")
            try await scene.shellDone("closeout trust show trust.json")
            try await close(scene)
            let stored = try await scene.files(below: "p-1.closeout/attachments")
            #expect(stored.contains { $0.contains(digest) })
            try await close(scene)
            let again = try await scene.files(below: "p-1.closeout/attachments")
            #expect(again == stored)
            // The bundle holds the key file of then, also once there is another in its place.
            try await scene.shellDone(
                """
                set -e
                closeout export public p-1.closeout -o public
                test ! -e public/attachments || test -z "$(ls public/attachments)"
                openssl pkey -pubin -in release.pub.pem -outform DER -out keys/r.pem
                sum=$(sha256sum keys/r.pem | cut -c1-64)
                old=$(sha256sum trust.json | cut -c1-64)
                sed -i "s/\(digest)/$sum/" trust.json
                sed -i 's/"earlier":\\[/"earlier":["'$old'",/' trust.json
                """)
            let reported = try await verify(scene)
            #expect(reported.status == 0, "\(reported.stdoutText)")
            #expect(reported.stdoutText.contains("under the policy of then"))
        }
    }

    @Test("is asserted where its policy only lies in the bundle, until the auditor gives it")
    func given() async throws {
        try await withDecider { scene in
            let stored = try await close(scene)
            try await scene.shellDone(
                "cp trust.json old.json; closeout trust pin trust.json artifacts-only")
            #expect(try await verify(scene).status == 0)
            try await forget(scene)
            let asserted = try await verify(scene)
            #expect(asserted.status == 40)
            #expect(asserted.stdoutText.contains("    hint: "))
            #expect(
                try await scene.shell(
                    "closeout verify p-1.closeout --details \(Self.verifying)"
                ).status == 0)
            #expect(try await verify(scene, "--trust-then old.json").status == 0)
            let inside = try #require(
                stored.first { $0.hasPrefix("attachments/") })
            for (option, status) in [
                ("p-1.closeout/\(inside)", Int32(64)), ("gone.json", 66), ("alice.pub.pem", 65),
                ("dist", 65),
            ] {
                let refused = try await verify(scene, "--trust-then \(option)")
                #expect(refused.status == status, "\(option): \(refused.stderrText)")
                #expect(refused.stderrText.contains(option))
            }
            try await scene.shellDone("closeout prove p-1.closeout NOTES.md -o proof")
            let proof = try await scene.shell(
                "closeout verify proof --file dist/NOTES.md --trust trust.json "
                    + "--trust-then old.json")
            #expect(proof.status == 64)
        }
    }

    @Test("a laxer policy that a decider brought along decides nothing for the auditor")
    func own() async throws {
        try await withDecider { scene in
            try await scene.shellDone(
                """
                closeout trust init theirs.json release.pub.pem --operator release
                closeout trust add theirs.json dora.pub.pem --operator dora --role decider
                """)
            let closed = try await scene.append(
                "close p-1.closeout --key dora.pem --artifacts dist --criteria artifacts-only "
                    + "--trust theirs.json")
            #expect(closed.status == 0, "\(closed.stderrText)")
            #expect(try await verify(scene).status == 40)
            let reported = try await scene.shell(
                "closeout verify p-1.closeout --details \(Self.verifying)")
            #expect(reported.status == 0)
            #expect(
                reported.stdoutText.contains(": ready_for_release, asserted and not recomputed"))
        }
    }

    @Test("by whoever kept the old policy is not recomputed once it had been replaced")
    func stale() async throws {
        try await withDecider { scene in
            try await scene.shellDone(
                """
                cp trust.json old.json
                closeout trust pin trust.json artifacts-only
                sed -i 's/"until":"[^"]*"}\\]/"until":"2020-01-01T00:00:00Z"}]/' trust.json
                """)
            let closed = try await scene.append(
                "close p-1.closeout --key dora.pem --artifacts dist --criteria artifacts-only "
                    + "--trust old.json")
            #expect(closed.status == 0, "\(closed.stderrText)")
            let reported = try await verify(scene)
            #expect(reported.status == 40)
            #expect(reported.stdoutText.contains("which had been replaced at 2020-01-01T00:00:00Z"))
            #expect(try await verify(scene, "--trust-then old.json").status == 0)
        }
    }

    @Test("is found by `close`, which decides again and leaves the earlier decision recomputed")
    func again() async throws {
        try await withDecider { scene in
            try await close(scene)
            try await scene.shellDone("closeout trust pin trust.json artifacts-only")
            try await close(scene)
            let reported = try await verify(scene)
            #expect(reported.status == 0)
            #expect(lines(reported.stdoutText).count { $0.contains("recomputed: pass") } == 2)
        }
    }
}
