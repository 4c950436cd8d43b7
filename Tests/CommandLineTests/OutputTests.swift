import CloseoutDecisions
import CloseoutEncodings
import CloseoutInterchange
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("What commands print")
struct OutputTests {
    @Test("the options of all commands agree, which only a program that is not optimised checks")
    func options() async throws {
        for program in [builtExecutable, builtExecutable + "-courier"] {
            let result = try await run(program, ["--experimental-dump-help"])
            #expect(result.status == 0, "\(result.stderrText)")
        }
    }

    @Test(
        "every command that reports prints canonical JSON on request",
        arguments: [
            ["verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist"],
            ["verify", "p.proof", "--trust", "trust.json", "--file", "dist/NOTES.md"],
            ["verify-signature", "p-1.closeout/seal.json", "s", "--trust", "trust.json"],
            ["status", "p-1.closeout", "--trust", "trust.json"],
            ["show", "p-1.closeout"], ["show", "p-1.closeout", "--files"],
            ["show", "p-1.closeout", "--log"], ["show", "p-1.closeout", "--signatures"],
            ["show", "p-1.closeout", "--evidence"], ["explain"], ["explain", "seal.format"],
            ["trust", "show", "trust.json"], ["trust", "lint", "trust.json"],
        ])
    func json(arguments: [String]) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                closeout prove p-1.closeout NOTES.md -o p.proof
                cp p-1.closeout/signatures/*.dsse.json s
                closeout add p-1.closeout dist/NOTES.md --log-key release.pem
                """)
            let result = try await scene.closeout(arguments + ["--format", "json"])
            #expect(result.status == 0)
            #expect(result.stdout.last == 0x0A)
            for line in result.stdout.split(separator: 0x0A) {
                #expect(throws: Never.self) { try JSON(parsingCanonical: Array(line)) }
            }
        }
    }

    @Test("the report goes to files, too, with the same bytes as on standard output")
    func reports() async throws {
        try await withSealedRelease { scene in
            try scene.write("old", to: "report.json")
            let verify = [
                "verify", "p-1.closeout", "--key", "release.pub.pem", "--artifacts", "dist",
                "--as-of", "2030-01-01T00:00:00Z",
            ]
            let text = try await scene.closeout(
                verify + [
                    "--details", "--report", "text=report.txt", "--report", "json=report.json",
                ])
            #expect(try scene.bytes("report.txt") == text.stdout)
            let json = try await scene.closeout(verify + ["--format", "json"])
            #expect(try scene.bytes("report.json") == json.stdout)
            let report = try ReportReading(parsing: json.stdout)
            #expect(report.headline == lines(text.stdoutText).first)
        }
    }

    @Test("show lists what the bundle holds, as entries, log, signatures and evidence")
    func show() async throws {
        try await withSealedRelease { scene in
            try await scene.done("add", "p-1.closeout", "dist/NOTES.md", "--log-key", "release.pem")
            let files = try await scene.done("show", "p-1.closeout", "--files")
            #expect(files.count == 5)
            #expect(files[0].hasSuffix("  644  6  NOTES.md"))
            #expect(Array(files[1...2]) == ["folder  bin", "link  bin/t -> tool"])
            let log = try await scene.done("show", "p-1.closeout", "--log")
            #expect(log.count == 7)
            #expect(log[0].hasPrefix("0  ") && log[0].hasSuffix("  seal.json"))
            let signatures = try await scene.done("show", "p-1.closeout", "--signatures")
            #expect(signatures.count == 1 && signatures[0].contains("  dsse  claims key "))
            let evidence = try await scene.done("show", "p-1.closeout", "--evidence")
            #expect(
                evidence.count == 1 && evidence[0].hasPrefix("NOTES.md  text/markdown  6 bytes  "))
        }
    }

    @Test("status leads from a frozen bundle to a verified one")
    func status() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e
                closeout keygen --quiet --no-passphrase -o release --trust trust.json
                closeout freeze --quiet dist --release p@1
                """)
            func next(_ options: String...) async throws -> String {
                let reported = try await scene.done(
                    ["status", "p-1.closeout", "--trust", "trust.json"] + options)
                return String(reported.last?.drop { $0 != " " }.drop { $0 == " " } ?? "")
            }
            #expect(try await next() == "closeout sign p-1.closeout --key KEY")
            try await scene.done("sign", "p-1.closeout", "--key", "release.pem")
            #expect(try await next() == "closeout checkpoint p-1.closeout --key LOG-KEY")
            try await scene.done("checkpoint", "p-1.closeout", "--key", "release.pem")
            let last = try await next()
            #expect(last == "closeout verify p-1.closeout --trust trust.json --artifacts DIR")
            let given = last.replacing("DIR", with: "dist")
            #expect(try await next("--artifacts", "dist") == given)
            try await scene.shellDone(given)
        }
    }

    @Test("a file that nobody logged leads to repair, which moves it out of the bundle")
    func repair() async throws {
        try await withSealedRelease { scene in
            try scene.write("stray", to: "p-1.closeout/evidence/stray")
            let reported = try await scene.done("status", "p-1.closeout", "--trust", "trust.json")
            #expect(reported.last == "next:     closeout repair p-1.closeout")
            let moved = try await scene.done("repair", "p-1.closeout")
            #expect(moved.count == 1)
            #expect(try scene.bytes(try #require(moved.first)) == Array("stray".utf8))
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
        }
    }

    @Test("explain knows every id that a report, a decision or an import prints, and each id once")
    func explainsAll() async throws {
        try await withScene { scene in
            let ids =
                CheckID.allCases.map(\.rawValue) + HealthCheck.allCases.map(\.rawValue)
                + CriterionCheck.Name.allCases.map(\.rawValue)
                + ImportFinding.ID.allCases.map(\.rawValue) + ["verdict", "outcome"]
            #expect(Set(ids).count == ids.count)
            let criteria = try Profile.allCases.flatMap { try $0.criteria().criteria.map(\.id) }
            let listed = try await scene.done("explain").map { $0.prefix { $0 != " " } }
            #expect(Set(listed.map { String($0) }) == Set(ids + criteria))
            let help = try await scene.shellDone("closeout explain --help")
            for id in ["signature.absent", "seal.signed", "C1", "criterion.C1", "outcome"] {
                let lines = try await scene.done("explain", id)
                #expect(lines.count >= 2, "\(id)")
            }
            #expect(help.contains("artifact.digest, RH-SHORT or C1"))
        }
    }

    @Test("explain shows one check, all, and none that there is not")
    func explain() async throws {
        try await withScene { scene in
            let one = try await scene.done("explain", "artifact.digest")
            #expect(one.count == 3 && one[0] == "artifact.digest")
            let finding = try await scene.done("explain", "RH-SHORT")
            #expect(finding.count == 3 && finding[2].hasSuffix("high, can be accepted"))
            let all = try await scene.done("explain")
            #expect(all.count > 100 && all.contains { $0.hasPrefix("RH-CHAIN  ") })
            let unknown = try await scene.closeout("explain", "artifact.nothing")
            #expect(unknown.status == 64)
        }
    }

    @Test("long work draws a line on a terminal, and takes it away", .requires("script"))
    func progress() async throws {
        try await withScene { scene in
            // Hashing so much takes longer than the second after which a line is drawn.
            try await scene.shellDone("truncate -s 3G dist/large")
            let drawn = try await scene.shellDone(
                "script -qec 'closeout freeze dist --release p@1' /dev/null < /dev/null")
            #expect(drawn.contains("\r") && drawn.contains("\u{1B}[K"))
            #expect(drawn.contains(" of 3 files, "))
            #expect(lines(drawn).contains { $0.contains("./p-1.closeout") })
        }
    }
}
