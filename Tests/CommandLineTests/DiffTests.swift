import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The difference of two bundles")
struct DiffTests {
    @Test("is none between a bundle, its copy and its packed form")
    func same() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("cp -r p-1.closeout copy; closeout pack p-1.closeout")
            for other in ["copy", "p-1.closeout.tar"] {
                let printed = try await scene.done("diff", "p-1.closeout", other)
                #expect(printed.last == "no difference")
            }
        }
    }

    @Test("is reported file by file, with both digests, modes and targets")
    func files() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                cp -r dist next; cd next
                echo new > NOTES.md; chmod 644 bin/tool; rm bin/t; ln -s ../NOTES.md bin/t
                rmdir empty; echo more > more
                """)
            try await scene.done("seal", "next", "--release", "p@2", "--key", "release.pem")
            let result = try await scene.closeout("diff", "p-1.closeout", "p-2.closeout")
            #expect(result.status == 1)
            let reported = lines(result.stdoutText)
            #expect(
                reported[0].hasPrefix("--- INCOMPLETE p 1")
                    && reported[1].hasPrefix("+++ INCOMPLETE p 2"))
            let digest = try await scene.shellDone("sha256sum next/NOTES.md | cut -c 1-64")
            for line in [
                "- release p@1", "+ release p@2", "- bin/t  link to tool", "- empty  folder",
                "+ bin/t  link to ../NOTES.md", "+ NOTES.md  0644  4 bytes  \(lines(digest)[0])",
            ] {
                #expect(reported.contains(line), "\(line)")
            }
            #expect(reported.contains { $0.hasPrefix("- bin/tool  0755  5 bytes  ") })
            #expect(reported.contains { $0.hasPrefix("+ bin/tool  0644  5 bytes  ") })
            #expect(reported.contains { $0.hasPrefix("+ more  ") })
            #expect(!reported.contains("signers:"))
        }
    }

    @Test("is reported of signers, evidence, decision, retention and holds, in JSON too")
    func evidence() async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone("cp -r p-1.closeout before")
            try await scene.shellDone("closeout keygen --no-passphrase -o dora --quiet")
            try await scene.shellDone(
                "closeout trust add trust.json dora.pub.pem --operator dora --role release")
            try await scene.done("sign", "p-1.closeout", "--key", "dora.pem")
            let request = try await scene.record(
                "retention request p-1.closeout --class c --until 2040-01-01T00:00:00Z --reason r "
                    + "--key alice.pem")
            try await scene.record(
                "retention approve p-1.closeout --request \(request) --key bob.pem")
            try await scene.record(
                "hold place p-1.closeout --matter m/1 --custodian c --reason r --key carol.pem")
            try await scene.record("add p-1.closeout dist/NOTES.md")
            let result = try await scene.closeout(
                "diff", "before", "p-1.closeout", "--trust", "trust.json")
            #expect(result.status == 1)
            let reported = lines(result.stdoutText)
            #expect(reported.contains("+ dora (dora), dsse, release"))
            #expect(reported.contains("+ approved until 2040-01-01T00:00:00Z"))
            #expect(reported.contains("+ held for m/1"))
            #expect(reported.contains { $0.hasPrefix("+ \(request)  retention-request: ") })
            // What one file replaces is told as taken away; all else was only added.
            let gone = reported.filter { $0.hasPrefix("- ") }
            #expect(
                gone.allSatisfy {
                    $0.hasPrefix("- log.jsonl  ") || $0.hasPrefix("- checkpoint  ")
                })
            #expect(!reported.contains("files:"))
            let json = try await scene.closeout(
                "diff", "before", "p-1.closeout", "--trust", "trust.json", "--format", "json")
            let document = try JSON(parsingCanonical: Array(json.stdout.dropLast()))
            #expect(document["same"] == .bool(false) && document["files"] == .array([]))
            let topics = document["differences"]?.elements?.compactMap { $0["topic"]?.text }
            #expect(topics == ["signers", "evidence", "attachments", "retention", "bundle"])
        }
    }

    @Test("is not believed where a bundle is not what its log says")
    func failed() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("cp -r p-1.closeout copy; echo x >> copy/README.txt")
            let result = try await scene.closeout("diff", "p-1.closeout", "copy")
            #expect(result.status == 30)
            #expect(result.stdoutText.contains("+++ FAILED"))
            #expect(!result.stdoutText.contains("no difference"))
            let json = try await scene.closeout("diff", "p-1.closeout", "copy", "--format", "json")
            let document = try JSON(parsingCanonical: Array(json.stdout.dropLast()))
            #expect(document["same"] == .bool(false))
        }
    }

    @Test(
        "is reported of what no record, signature or shipped file shows",
        arguments: [
            "rm b/checkpoint", "cp b/seal.json b/checkpoint.tsr",
            "echo more > m; closeout add b m --log-key release.pem --quiet",
            "echo more > m; closeout add b m --quiet",
            "closeout sign b --key release.pem --type ssh --log-key release.pem --quiet",
        ])
    func other(change: String) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("cp -r p-1.closeout a; cp -r p-1.closeout b")
            _ = try await scene.shell(change)
            for trust in [[], ["--trust", "trust.json"]] {
                let result = try await scene.closeout(["diff", "a", "b"] + trust)
                #expect(result.status == 1 || result.status == 30, "\(result.stdoutText)")
                #expect(!result.stdoutText.contains("no difference"))
            }
        }
    }

    @Test("is reported of a verdict that only the recheck of a decision finds")
    func decisions() async throws {
        try await withDecider { scene in
            try await scene.shellDone("cp -r p-1.closeout a")
            let closed = try await scene.append(
                "close p-1.closeout --key dora.pem --artifacts dist --criteria artifacts-only")
            #expect(closed.status == 0)
            try await scene.shellDone("closeout trust pin trust.json final-closeout")
            let result = try await scene.closeout(
                "diff", "a", "p-1.closeout", "--trust", "trust.json")
            #expect(result.status == 1)
            #expect(
                lines(result.stdoutText).contains {
                    $0.hasPrefix("+ criteria.pinned unknown  recorded decision: ")
                })
        }
    }

    @Test("is not denied where a file could not be read", .requires("setpriv"))
    func unreadable() async throws {
        try await withSealedRelease { scene in
            let id = try await scene.shellDone("id -u")
            let user = id == "0\n" ? "setpriv --reuid 65534 --regid 65534 --clear-groups" : ""
            let result = try await scene.shell(
                """
                cp -r p-1.closeout a; cp -r a b; chmod 755 .; chmod 0 a/README.txt b/README.txt
                \(user) "$(command -v closeout)" diff a b
                status=$?; chmod 644 a/README.txt b/README.txt; exit $status
                """)
            #expect(result.status == 40, "\(result.stderrText)")
            #expect(result.stdoutText.contains("could not be read: README.txt"))
            #expect(!result.stdoutText.contains("no difference"))
        }
    }
}
