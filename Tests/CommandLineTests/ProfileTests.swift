import CloseoutTestSupport
import Testing

@Suite("Profiles of criteria")
struct ProfileTests {
    @Test("a new user reaches READY under the profile release, and not before anything it demands")
    func ready() async throws {
        try await withScene { scene in
            let evidence = "\(repositoryRoot)/fixtures/evidence"
            try scene.write("approved by the board\n", to: "approval.txt")
            try await scene.shellDone(
                """
                for name in alice bob; do closeout keygen --no-passphrase -o $name; done
                closeout trust init trust.json alice.pub.pem --operator alice \
                --role release --role log --role requester --threshold 1
                closeout trust add trust.json bob.pub.pem --operator bob --role release --role retention
                closeout seal dist --release p@1 --key alice.pem
                """)
            let decide =
                "closeout decide p-1.closeout --trust trust.json --artifacts dist --criteria release"
            let steps = [
                ("R3", "sign p-1.closeout --key bob.pem"),
                ("R4", "record readiness p-1.closeout --tests \(evidence)/pytest-pass.xml"),
                ("R5", "record readiness p-1.closeout --sbom \(evidence)/cyclonedx-release.json"),
                ("R6", "record readiness p-1.closeout --approval approval.txt"),
                (
                    "R7",
                    "retention request p-1.closeout --class c --until 2126-01-01T00:00:00Z --reason r --key alice.pem"
                ),
                ("R7", "retention approve p-1.closeout --key bob.pem"),
            ]
            for (id, command) in steps {
                let blocked = try await scene.shell(decide)
                #expect(blocked.status == 20, "\(blocked.stdoutText)")
                #expect(
                    blocked.stdoutText.contains("  \(id)  fail  "), "\(id): \(blocked.stdoutText)")
                try await scene.shellDone(
                    "export CLOSEOUT_TRUST=trust.json CLOSEOUT_LOG_KEY=alice.pem; closeout \(command)"
                )
            }
            let ready = try await scene.shell(decide)
            #expect(ready.status == 0, "\(ready.stdoutText)")
            #expect(ready.stdoutText.hasPrefix("ready_for_release p 1"))
        }
    }

    @Test(
        "every command takes a profile by its name, a file of that name by its path, and lists them all"
    )
    func names() async throws {
        try await withSealedRelease { scene in
            let names = ["artifacts-only", "release", "final-closeout"]
            for name in names {
                try await scene.done("criteria", "init", name, "-o", "\(name).json")
                try await scene.done("criteria", "lint", name)
                let own = try await scene.done("criteria", "explain", name)
                #expect(own == (try await scene.done("criteria", "explain", "./\(name).json")))
                #expect(own == (try await scene.done("explain", name)))
                let decided = try await scene.closeout(
                    "decide", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                    "--criteria", name)
                #expect(decided.stdoutText.contains("criteria \(name) 1, "))
                try await scene.shellDone(
                    "cp trust.json \(name)-trust.json; closeout trust pin \(name)-trust.json \(name)"
                )
            }
            // The option of earlier versions.
            try await scene.shellDone(
                "closeout criteria init --profile release -o old.json; cmp old.json release.json")
            try await scene.shellDone("mv artifacts-only.json release")
            #expect(
                try await scene.done("criteria", "explain", "./release")[0].hasPrefix(
                    "artifacts-only 1 "))
            #expect(
                try await scene.done("criteria", "explain", "release")[0].hasPrefix("release 1 "))
            let list = "hint: the profiles are artifacts-only, release, final-closeout"
            for command in [
                "criteria lint relase", "criteria explain relase", "trust pin trust.json relase",
                "decide p-1.closeout --trust trust.json --criteria relase",
                "verify p-1.closeout --trust trust.json --criteria relase",
                "status p-1.closeout --trust trust.json --criteria relase",
            ] {
                let refused = try await scene.shell("closeout \(command)")
                #expect(refused.status == 66, "\(command): \(refused.stderrText)")
                #expect(
                    refused.stderrText.contains(
                        "relase is neither a criteria file nor a profile\n\(list)"))
            }
            #expect(try await scene.closeout("criteria", "init", "relase").status == 64)
        }
    }
}
