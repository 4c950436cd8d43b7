import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("A bundle for everyone")
struct ExportTests {
    @Test("holds nothing that only some may see, and its log and checkpoint still verify")
    func withholds() async throws {
        try await withRestrictedRelease { scene in
            let exported = try await scene.closeout(
                "export", "public", "p-1.closeout", "-o", "out")
            #expect(exported.stdoutText == "./out\n")
            #expect(exported.stderrText.hasPrefix("11 restricted files withheld, "))
            for word in Self.restricted {
                let whole = try await scene.shell("grep -rqF -e '\(word)' p-1.closeout")
                #expect(whole.status == 0, "\(word) was never there")
                let encoded = Base64.string(Array(word.utf8)).dropLast(4)
                let found = try await scene.shell("grep -rlF -e '\(word)' -e '\(encoded)' out")
                #expect(found.stdoutText == "", "\(word)")
            }
            try await scene.shellDone("cmp p-1.closeout/log.jsonl out/log.jsonl")
            let verified = try await scene.closeout(
                "verify", "out", "--trust", "trust.json", "--artifacts", "dist", "--format", "json")
            #expect(verified.status == 40)
            let report = try ReportReading(parsing: verified.stdout)
            #expect(report.checks("fail") == [])
            let unknown = report.findings("unknown").filter { $0.id != "record.asserted" }
            #expect(Set(unknown.map(\.id)) == ["record.withheld"])
            #expect(
                report.checks("pass").isSuperset(of: [
                    "log.root", "log.checkpoint", "bundle.digest",
                ]))
            let gone = try await scene.files(below: "p-1.closeout").filter {
                !scene.has("out" + $0.dropFirst("p-1.closeout".count))
            }
            #expect(
                gone.map { String($0.dropFirst("p-1.closeout/".count)) } == unknown.map(\.subject))
            #expect(gone.count == 11)
            #expect(
                report.headline.hasPrefix("INCOMPLETE p 1: 11 files were withheld from this copy"))
            for list in ["risk", "hold"] {
                let shown = try await scene.closeout(list, "list", "out", "--trust", "trust.json")
                #expect(shown.stderrText.hasPrefix("11 files were withheld from this copy; "))
            }
        }
    }

    /// What stands in restricted records, in public ones that name somebody or something elsewhere,
    /// and in attachments of theirs.
    private static let restricted = [
        "arn:aws:kms:eu-1:key/7", "alice@example.org", "https://tickets.example.org/1",
        "CHG-4711", "internal memo", "matter/9",
    ]

    @Test("shows in its records what an outsider may see, and so does show --public")
    func shows() async throws {
        try await withRestrictedRelease { scene in
            try await scene.done("export", "public", "p-1.closeout", "-o", "out")
            let shown = try await scene.done("show", "p-1.closeout", "--evidence", "--public")
            let exported = try await scene.done("show", "out", "--evidence")
            #expect(
                exported.filter { !$0.hasSuffix("unreadable") && scene.has("out/" + path($0)) }
                    == shown.filter { !$0.hasSuffix("withheld") })
            #expect(shown.count { $0.hasSuffix("  withheld") } == 2)
            #expect(shown.contains { $0.contains("retention-request") && $0.contains("class c") })
            let all = try await scene.shellDone(
                """
                closeout show p-1.closeout --evidence --public --format json
                closeout show p-1.closeout --signatures --public
                closeout show p-1.closeout --public
                """)
            for word in Self.restricted { #expect(!all.contains(word), "\(word)") }
        }
    }

    private func path(_ line: String) -> String {
        String(line.prefix { $0 != " " })
    }

    @Test("need not withhold public records: what names an address or a link is made restricted")
    func visibility() async throws {
        try await withStaffedRelease { scene in
            let restricted = [
                "record readiness p-1.closeout --reference alert=https://tickets.example.org/1",
                "retention request p-1.closeout --class c --until 2040-01-01T00:00:00Z "
                    + "--reason 'ask alice@example.org' --key alice.pem",
                "record readiness p-1.closeout --reference tests=JOB-7",
            ]
            for command in restricted {
                #expect(try await scene.append(command).status == 0, "\(command)")
            }
            #expect(
                try await scene.append(
                    "retention request p-1.closeout --class d --until 2040-01-01T00:00:00Z "
                        + "--reason r --key alice.pem"
                ).status == 0)
            for (pattern, count) in [
                (#""salt":"[0-9a-f]\{64\}""#, restricted.count),
                (#""visibility":"restricted""#, restricted.count), (#""visibility":"public""#, 1),
            ] {
                let found = try await scene.shellDone(
                    "grep -l '\(pattern)' p-1.closeout/evidence/*")
                #expect(lines(found).count == count, "\(pattern)")
            }
        }
    }

    @Test("withholds the file of another system from which public records were taken")
    func source() async throws {
        try await withSealedRelease { scene in
            try scene.write(
                """
                {"schema_version": "cavra.final_closeout_trial.v1", "owner": "internal memo",
                 "retention_review": {"decision_state": "approved",
                  "retention_until": "2033-01-01"}}
                """, to: "cavra.json")
            #expect(
                try await scene.append("import cavra cavra.json --bundle p-1.closeout").status == 20
            )
            try await scene.shellDone("grep -rqF 'internal memo' p-1.closeout")
            try await scene.done("export", "public", "p-1.closeout", "-o", "out")
            #expect(try await scene.shell("grep -rlF 'internal memo' out").stdoutText == "")
            #expect(try await scene.files(below: "out/evidence").count == 2)
        }
    }

    @Test("is made of a packed bundle too, is the same every time, and can be made again of itself")
    func again() async throws {
        try await withRestrictedRelease { scene in
            try await scene.done("pack", "p-1.closeout", "-o", "p.tar")
            try await scene.done("export", "public", "p.tar", "-o", "a")
            try await scene.done("export", "public", "p-1.closeout", "-o", "b")
            try await scene.done("export", "public", "b", "-o", "c")
            try await scene.shellDone("diff -r a b; diff -r b c; closeout pack c -o c.tar")
            try await scene.done("unpack", "c.tar", "-o", "d")
            try await scene.shellDone("diff -r c d")
        }
    }

    @Test("withholds nothing where all is for everyone, and is refused where a file was changed")
    func whole() async throws {
        try await withSealedRelease { scene in
            try await scene.done("export", "public", "p-1.closeout", "-o", "out")
            try await scene.shellDone("diff -r out p-1.closeout")
            #expect(try await scene.closeout("export", "public", "out", "-o", "out").status == 73)
            try await scene.shellDone("echo x >> out/README.txt")
            let refused = try await scene.closeout("export", "public", "out", "-o", "new")
            #expect(refused.status == 30)
            #expect(!scene.has("new"))
        }
    }
}

/// Runs `body` with a release whose bundle holds records for everyone and for some.
private func withRestrictedRelease(_ body: (Scene) async throws -> Void) async throws {
    try await withStaffedRelease { scene in
        try scene.write("internal memo\n", to: "memo.txt")
        try scene.write("passed: 12\n", to: "tests.txt")
        try await scene.shellDone(
            """
            set -e
            export CLOSEOUT_TRUST=trust.json CLOSEOUT_LOG_KEY=release.pem
            closeout keygen --quiet --no-passphrase -o kms
            closeout trust add trust.json kms.pub.pem --operator kms --role release
            openssl pkeyutl -sign -rawin -inkey kms.pem -in p-1.closeout/seal.json -out seal.sig
            closeout attach p-1.closeout seal.sig --key-reference arn:aws:kms:eu-1:key/7
            closeout add p-1.closeout memo.txt
            closeout record readiness p-1.closeout --tests tests.txt
            closeout record readiness p-1.closeout --reference alert=https://tickets.example.org/1 \
                --visibility public
            closeout hold place p-1.closeout --matter matter/9 --custodian c --reason r --key bob.pem
            """)
        let request = try await scene.record(
            "retention request p-1.closeout --class c --until 2040-01-01T00:00:00Z --reason r "
                + "--key alice.pem")
        try await scene.record(
            "retention request p-1.closeout --class d --until 2040-01-01T00:00:00Z --reason r "
                + "--key alice.pem --by alice@example.org --visibility public")
        try await scene.record(
            "retention approve p-1.closeout --request \(request) --key bob.pem "
                + "--reference CHG-4711")
        try await body(scene)
    }
}
