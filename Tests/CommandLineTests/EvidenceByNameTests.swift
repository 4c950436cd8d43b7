import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("Evidence by name")
struct EvidenceByNameTests {
    private static let evidence = "\(repositoryRoot)/fixtures/evidence"

    @Test(
        "add keeps name and media type, in the same append, and prints the path of the file alone")
    func names() async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone("mkdir in; cp \(Self.evidence)/* in")
            let before = lines(try await scene.shellDone("cat p-1.closeout/log.jsonl")).count
            let added = try await scene.append("add p-1.closeout in/pytest-pass.xml in/tap.txt")
            #expect(lines(added.stdoutText).allSatisfy { $0.hasPrefix("attachments/") })
            #expect(lines(added.stdoutText).count == 2)
            let log = lines(try await scene.shellDone("cat p-1.closeout/log.jsonl"))
            #expect(log.count == before + 4)
            let shown = try await scene.done("show", "p-1.closeout", "--evidence")
            #expect(shown.count == 2)
            #expect(
                shown[0].hasPrefix(
                    "pytest-pass.xml  application/xml  536 bytes  shows nothing  sha256:"))
            #expect(shown[1].hasPrefix("tap.txt  text/plain  32 bytes  shows nothing  sha256:"))
            try await scene.record("record readiness p-1.closeout --tests in/pytest-pass.xml")
            let linked = try await scene.done("show", "p-1.closeout", "--evidence")
            #expect(linked[0].contains("  shows tests  "))
            let json = try await scene.done(
                "show", "p-1.closeout", "--evidence", "--format", "json")
            let first = try JSON(parsing: Array(json[0].utf8))
            #expect(first["names"] == ["pytest-pass.xml"] && first["shows"] == ["tests"])
            #expect(first["media_type"] == "application/xml")
            #expect(json.contains { $0.contains(#""kind":"closeout/attachment/v1""#) })
            let verified = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
            #expect(verified.status == 0, "\(verified.stdoutText)")
        }
    }

    @Test("close and import cavra keep the names of what they are given, once, and print no more")
    func given() async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone(
                """
                closeout keygen --quiet --no-passphrase -o dora
                closeout trust add trust.json dora.pub.pem --operator dora --role decider
                now=$(date -u -d '-10 min' +%Y-%m-%dT%H:%M:%SZ)
                printf '{"kind":"closeout/observations/v1","provider":"s3","at":"%s","expected":0,"copies":[]}' $now > copies.json
                """)
            try scene.write(
                #"{"kind":"closeout/retention-classes/v1","warning":"P30D","freshness":"P7D","classes":[{"id":"standard","minimum":"P1Y","mode":"none"}]}"#,
                to: "classes.json")
            try scene.write(
                #"{"schema_version": "cavra.final_closeout_trial.v1", "release_closeout_summary": {"closeout_state": "closed"}}"#,
                to: "cavra.json")
            let imported = try await scene.append(
                "import cavra cavra.json --bundle p-1.closeout")
            #expect(imported.status == 20, "\(imported.stderrText)")
            let close =
                "close p-1.closeout --key dora.pem --artifacts dist --criteria artifacts-only"
            let closed = try await scene.append(
                close + " --classes classes.json --observations copies.json")
            #expect(closed.status == 0, "\(closed.stderrText)")
            func naming() async throws -> [String] {
                try await scene.done("show", "p-1.closeout", "--evidence", "--format", "json")
                    .filter { $0.contains(#""kind":"closeout/attachment/v1""#) }
            }
            let names = try await naming()
            #expect(names.count == 3)
            for path in lines(imported.stdoutText) + lines(closed.stdoutText) {
                #expect(!names.contains { $0.contains(path) }, "\(path)")
            }
            let shown = try await scene.done("show", "p-1.closeout", "--evidence")
            for name in ["cavra.json", "classes.json", "copies.json"] {
                #expect(shown.contains { $0.hasPrefix("\(name)  application/json  ") }, "\(name)")
            }
            let again = try await scene.append(
                close + " --classes classes.json --observations copies.json")
            #expect(again.status == 0, "\(again.stderrText)")
            #expect(try await naming() == names)
            let verified = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                "--criteria", "artifacts-only", "--require-decision")
            #expect(verified.status == 0, "\(verified.stdoutText)")
        }
    }

    @Test("the same file under the same name is named once, and under another name again")
    func again() async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone("echo a > a.txt; cp a.txt b.txt")
            _ = try await scene.record("add p-1.closeout a.txt")
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            _ = try await scene.record("add p-1.closeout a.txt")
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
            _ = try await scene.record("add p-1.closeout b.txt")
            let shown = try await scene.done("show", "p-1.closeout", "--evidence")
            #expect(shown.count == 1 && shown[0].hasPrefix("a.txt, b.txt  text/plain  "))
            for name in ["a.txt", "b.txt"] {
                #expect(
                    try await scene.done("show", "p-1.closeout", "--get", name, "-o", "out-\(name)")
                        == ["out-\(name)"])
                #expect(try scene.bytes("out-\(name)") == Array("a\n".utf8))
            }
        }
    }

    @Test("--media-type says what the files are, and a wrong one is refused")
    func mediaType() async throws {
        try await withStaffedRelease { scene in
            try scene.write("x", to: "a.json")
            _ = try await scene.record(
                "add p-1.closeout a.json --media-type application/x.own+json")
            let shown = try await scene.done("show", "p-1.closeout", "--evidence")
            #expect(shown[0].hasPrefix("a.json  application/x.own+json  1 bytes"))
            let refused = try await scene.append(
                "add p-1.closeout a.json --media-type 'text/plain; a=b'")
            #expect(refused.status == 64)
        }
    }

    @Test("a name that cannot be kept is left out, and the command says so")
    func nameless() async throws {
        try await withStaffedRelease { scene in
            let odd = try await scene.shell(
                "export CLOSEOUT_LOG_KEY=release.pem; f=$(printf 'a\\377.txt'); echo x > \"$f\"; closeout add p-1.closeout \"$f\""
            )
            // A name that is no UTF-8 may not reach the program as it is.
            #expect([0, 64, 66].contains(odd.status), "\(odd.stderrText)")
            let control = try await scene.shell(
                "export CLOSEOUT_LOG_KEY=release.pem; f=$(printf 'a\\nb.txt'); echo z > \"$f\"; closeout add p-1.closeout \"$f\""
            )
            #expect(control.status == 0)
            #expect(
                control.stderrText.contains("is stored without its name: it is no plain file name"))
        }
    }

    @Test(
        "a name of two files is refused with the candidates, which their paths and digests keep apart"
    )
    func ambiguous() async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone("mkdir a b; echo a > a/r.txt; echo b > b/r.txt")
            let added = try await scene.append("add p-1.closeout a/r.txt b/r.txt")
            let paths = lines(added.stdoutText)
            let refused = try await scene.closeout(
                "show", "p-1.closeout", "--get", "r.txt", "-o", "out")
            #expect(refused.status == 64 && !scene.has("out"))
            for path in paths { #expect(refused.stderrText.contains(path)) }
            let digest = paths[1].dropFirst("attachments/".count).prefix(64)
            for name in [paths[1], String(digest), String(digest.prefix(8)), "sha256:\(digest)"] {
                #expect(
                    try await scene.closeout("show", "p-1.closeout", "--get", name, "-o", "-")
                        .stdout
                        == Array("b\n".utf8))
            }
            for name in ["none.txt", String(digest.prefix(7)), "../a/r.txt", ""] {
                let missing = try await scene.closeout(
                    "show", "p-1.closeout", "--get", name, "-o", "out")
                #expect([64, 66].contains(missing.status) && !scene.has("out"), "\(name)")
            }
        }
    }

    @Test("--get writes nothing that is not what the log says, over nothing, and into no bundle")
    func refusals() async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone("echo a > a.txt; echo keep > there")
            let path = try await scene.append("add p-1.closeout a.txt").stdoutText.split(
                separator: "\n"
            ).joined()
            for output in [
                "there", "p-1.closeout/x", "p-1.closeout/attachments/x", "no/such/folder",
            ] {
                let refused = try await scene.closeout(
                    "show", "p-1.closeout", "--get", "a.txt", "-o", output)
                #expect(refused.status == 73, "\(output): \(refused.stderrText)")
            }
            #expect(try scene.bytes("there") == Array("keep\n".utf8))
            for arguments in [
                ["--get", "a.txt"], ["-o", "x"], ["--get", "a.txt", "-o", "x", "--log"],
            ] {
                #expect(
                    try await scene.closeout(["show", "p-1.closeout"] + arguments).status == 64)
            }
            try await scene.shellDone(
                "chmod u+w p-1.closeout/\(path); echo b > p-1.closeout/\(path)")
            let wrong = try await scene.closeout(
                "show", "p-1.closeout", "--get", "a.txt", "-o", "out")
            #expect(wrong.status == 30 && !scene.has("out"))
            let stream = try await scene.closeout(
                "show", "p-1.closeout", "--get", "a.txt", "-o", "-")
            #expect(stream.status == 30 && stream.stdout.isEmpty)
        }
    }

    @Test("every byte of an attachment's record is held by the log, and export public withholds it")
    func tampered() async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone("echo a > secret-name.txt")
            _ = try await scene.record("record readiness p-1.closeout --tests secret-name.txt")
            let record = try await scene.shellDone("grep -l attachment/v1 p-1.closeout/evidence/*")
                .split(separator: "\n").joined()
            try await scene.done("export", "public", "p-1.closeout", "-o", "public.closeout")
            #expect(try await scene.shell("grep -r secret-name public.closeout").status == 1)
            let shown = try await scene.done("show", "p-1.closeout", "--evidence", "--public")
            #expect(!shown.contains { $0.contains("secret-name") })
            try await scene.shellDone("sed -i s/secret-name/other-name/ \(record)")
            let failed = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
            #expect(failed.status == 30 && failed.stdoutText.contains("bundle.digest"))
        }
    }

    @Test("names that could steer a terminal are escaped where they are shown")
    func hostileNames() async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone(
                "f=$(printf 'a\\342\\200\\256txt.exe'); mkdir in; echo a > \"in/$f\"")
            let added = try await scene.append("add p-1.closeout in/*")
            #expect(added.status == 0)
            let shown = try await scene.done("show", "p-1.closeout", "--evidence")
            #expect(shown[0].hasPrefix("a\\u{202e}txt.exe  "), "\(shown)")
        }
    }

    @Test("a record of kind attachment names a file that is stored already, and no other file")
    func byRecord() async throws {
        try await withStaffedRelease { scene in
            let stored = try await scene.shellDone(
                "export CLOSEOUT_LOG_KEY=release.pem; f=$(printf 'a\\nb'); echo z > \"$f\"; closeout add p-1.closeout \"$f\""
            )
            let digest = stored.dropFirst("attachments/".count).prefix(64)
            func add(_ digest: some StringProtocol) async throws -> RunResult {
                try scene.write(
                    #"{"kind":"attachment","name":"z.txt","media_type":"text/plain","links":[{"kind":"attachment","sha256":"\#(digest)"}]}"#,
                    to: "r.json")
                return try await scene.append("record add p-1.closeout --file r.json")
            }
            #expect(try await add(digest).status == 0)
            #expect(
                try await scene.done("show", "p-1.closeout", "--evidence")[0].hasPrefix("z.txt  "))
            let seal = try await scene.shellDone("sha256sum p-1.closeout/seal.json | cut -c-64")
            let refused = try await add(seal.split(separator: "\n").joined())
            #expect(refused.status == 65 && refused.stderrText.contains("names no attachment"))
        }
    }
}

@Suite("Evidence of known forms")
struct KnownEvidenceTests {
    private static let evidence = "\(repositoryRoot)/fixtures/evidence"

    @Test(
        "add says what a file is, what it can serve, and prints a command that links it",
        arguments: [
            ("pytest-pass.xml", "JUnit XML, which can serve tests: R4 of release", "--tests"),
            (
                "cyclonedx-release.json", "CycloneDX JSON, which can serve sbom: R5 of release",
                "--sbom"
            ),
            ("spdx-tool.json", "SPDX JSON, which can serve sbom: R5 of release", "--sbom"),
            ("bandit-clean.sarif", "SARIF, which can serve scan", "--scan"),
            ("statement.json", "an in-toto statement, which can serve provenance", "--provenance"),
            (
                "envelope.json",
                "an in-toto statement in a DSSE envelope, which can serve provenance",
                "--provenance"
            ),
        ])
    func recognised(name: String, words: String, option: String) async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone("mkdir 'my files'; cp \(Self.evidence)/\(name) 'my files'/")
            let added = try await scene.append("add p-1.closeout 'my files/\(name)'")
            #expect(
                added.stderrText.contains("my files/\(name): \(words)\n"), "\(added.stderrText)")
            #expect(!added.stderrText.contains("warning"), "\(added.stderrText)")
            let line = try #require(lines(added.stderrText).first { $0.hasPrefix("to link it: ") })
            let command = line.dropFirst("to link it: closeout ".count)
            #expect(command.hasPrefix("record readiness p-1.closeout \(option) "))
            try await scene.record(String(command))
            #expect(
                try await scene.done("show", "p-1.closeout", "--evidence")[0]
                    .contains("  shows \(option.dropFirst(2))  "))
        }
    }

    @Test(
        "add and record readiness warn of what speaks against the release",
        arguments: [
            ("pytest-fail.xml", "tests", "reports 2 failures in 3 tests"),
            ("bandit-errors.sarif", "scan", "has 2 results of the level error, of 3"),
            ("cyclonedx-requirements.json", "sbom", "names none of the shipped files, in 1 part"),
        ])
    func warned(name: String, kind: String, words: String) async throws {
        try await withStaffedRelease { scene in
            for command in ["add p-1.closeout", "record readiness p-1.closeout --\(kind)"] {
                let done = try await scene.append("\(command) \(Self.evidence)/\(name)")
                #expect(done.status == 0)
                #expect(
                    done.stderrText.contains("warning: \(Self.evidence)/\(name) \(words)\n"),
                    "\(done.stderrText)")
            }
            // By default a note, and a failure where criteria ask for it.
            let asked =
                #"{"kind":"closeout/criteria/v1","id":"c","version":1,"title":"t","acceptance":{"max_days":{}},"criteria":[{"id":"E","title":"t","check":"CHECK","with":{"evidence":["\#(kind)"]},"severity":"high","waivable":false}]}"#
            for (check, status) in [("readiness.complete", 0), ("evidence.content", 20)] {
                try scene.write(asked.replacing("CHECK", with: check), to: "criteria.json")
                let decided = try await scene.closeout(
                    "decide", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                    "--criteria", "criteria.json")
                #expect(decided.status == status, "\(decided.stdoutText)")
                #expect(
                    decided.stdoutText.contains("\(kind) \(name) \(words)"), "\(decided.stdoutText)"
                )
            }
        }
    }

    @Test("a decision by the content of evidence is recomputed from the bundle alone")
    func recomputed() async throws {
        try await withStaffedRelease { scene in
            try await scene.shellDone(
                "closeout keygen --no-passphrase -o dora; "
                    + "closeout trust add trust.json dora.pub.pem --operator dora --role decider")
            try scene.write(
                #"{"kind":"closeout/criteria/v1","id":"c","version":1,"title":"t","acceptance":{"max_days":{}},"criteria":[{"id":"E","title":"t","check":"evidence.content","with":{"evidence":["tests","sbom","scan"]},"severity":"high","waivable":false}]}"#,
                to: "criteria.json")
            try await scene.record(
                "record readiness p-1.closeout --tests \(Self.evidence)/pytest-pass.xml --sbom "
                    + "\(Self.evidence)/cyclonedx-release.json --scan \(Self.evidence)/bandit-clean.sarif"
            )
            let closed = try await scene.append(
                "close p-1.closeout --key dora.pem --artifacts dist --criteria criteria.json")
            #expect(closed.status == 0, "\(closed.stderrText)")
            let verified = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                "--criteria",
                "criteria.json", "--require-decision")
            #expect(verified.status == 0, "\(verified.stdoutText)")
        }
    }

    @Test("what is linked as something else than its form is warned of")
    func misfit() async throws {
        try await withStaffedRelease { scene in
            let done = try await scene.append(
                "record readiness p-1.closeout --scan \(Self.evidence)/cyclonedx-release.json")
            #expect(
                done.stderrText.contains(
                    "is CycloneDX JSON, and is linked as scan\nhint: it can serve sbom"))
        }
    }
}
