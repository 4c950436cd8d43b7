import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("A report for people")
struct PrintedReportTests {
    @Test("of a good bundle, packed or not, and of a proof is at most eight lines")
    func brief() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                closeout prove p-1.closeout NOTES.md -o p.proof
                closeout pack p-1.closeout --artifacts dist -o p.tar
                """)
            for arguments in [
                ["p-1.closeout", "--artifacts", "dist"], ["p.tar"],
                ["p.proof", "--file", "dist/NOTES.md"],
            ] {
                let verify = ["verify"] + arguments + ["--trust", "trust.json"]
                let lines = try await scene.done(verify)
                #expect((6...8).contains(lines.count), "\(lines)")
                #expect(lines[0].hasPrefix("VERIFIED p 1"))
                #expect(lines.last?.hasPrefix("checks: ") == true)
                #expect(lines.last?.hasSuffix(" (--details)") == true)
                let whole = try await scene.done(verify + ["--details"])
                #expect(whole.count > lines.count && whole.contains("checks:"))
                #expect(whole.contains { $0.contains("valid, counts for the role \"release\"") })
            }
        }
    }

    @Test("says of a key that was given alone which it is, by its fingerprint")
    func givenKey() async throws {
        try await withSealedRelease { scene in
            let lines = try await scene.done(
                "verify", "p-1.closeout", "--key", "release.pub.pem", "--artifacts", "dist")
            let print = try await scene.shellDone("closeout keygen --public release.pub.pem 2>&1")
            let signed = try #require(lines.first { $0.hasPrefix("signed: ") })
            let words = signed.split(separator: " ")
            let digest = try #require(words.first { $0.hasPrefix("sha256:") }?.dropFirst(7))
            #expect(print.contains(digest) && !signed.contains("key (key)"))
        }
    }

    @Test("says what is wrong behind the verdict, each with what to do")
    func problems() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "echo changed > dist/NOTES.md; closeout add p-1.closeout dist/bin/tool")
            let result = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
            #expect(result.status == 30)
            let lines = lines(result.stdoutText)
            #expect(lines[0].hasPrefix("FAILED p 1: NOTES.md has another "))
            #expect(lines[1] == "wrong:")
            #expect(lines[2].hasPrefix("  artifact."))
            #expect(lines[3].hasPrefix("    hint: "))
            #expect(
                lines.contains(
                    "  log.uncommitted  lines 5 to 6: 2 log entries are not covered by the signed checkpoint"
                ))
        }
    }

    @Test("is one line, or nothing, where that is asked for; the exit code stays")
    func formats() async throws {
        try await withSealedRelease { scene in
            let verify = ["verify", "p-1.closeout", "--trust", "trust.json"]
            for (artifacts, status) in [(["--artifacts", "dist"], Int32(0)), ([], 40)] {
                let line = try await scene.closeout(verify + artifacts + ["--format", "line"])
                #expect(line.status == status)
                #expect(lines(line.stdoutText).count == 1 && line.stderrText.isEmpty)
                let json = try await scene.closeout(verify + artifacts + ["--format", "json"])
                let report = try ReportReading(parsing: json.stdout)
                #expect(line.stdoutText.hasPrefix("\(report.verdict) p 1"))
                let none = try await scene.closeout(verify + artifacts + ["--format", "none"])
                #expect(none.status == status)
                #expect(none.stdout.isEmpty && none.stderrText.isEmpty)
            }
            let quiet = try await scene.closeout(verify + ["--artifacts", "dist", "--quiet"])
            #expect(lines(quiet.stdoutText).count == 6)
            for wrong in [["--report", "line=x"], ["--format", "line", "--details"]] {
                #expect(try await scene.closeout(verify + wrong).status == 64)
            }
        }
    }

    @Test(
        "has the verdict of `verify` in `status`, given the same",
        arguments: try fixtures(in: "released"))
    func status(fixture: Fixture) async throws {
        let words = (fixture["run"] ?? "").split(separator: " ").map(String.init)
        guard words.count > 2, words[1] == "bundle", let time = words.firstIndex(of: "--as-of")
        else { return }
        var given = Array(words[2..<time] + words[(time + 2)...])
        try await Scene(path: fixture.path).expectOneVerdict("bundle", given)
        if let artifacts = given.firstIndex(of: "--artifacts") {
            given.removeSubrange(artifacts...(artifacts + 1))
        }
        try await Scene(path: fixture.path).expectOneVerdict("bundle", given)
    }

    @Test(
        "of the trial prints on three pages at most, and links lead from decision to signer",
        .requires(pythonTool), .requires(printer))
    func printed() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            #expect(try await scene.closeout("trial", "--out", "t").status == 10)
            let page = path + "/t/report.html"
            try await scene.shellDone(
                """
                cd t; closeout verify payments-1.4.0.closeout --trust trust.json --artifacts app \\
                  --criteria criteria.json --format none --report html=report.html
                """)
            let text = String(decoding: try scene.bytes("t/report.html"), as: UTF8.self)
            let parts = text.split(separator: "\"")
            let targets = zip(parts, parts.dropFirst()).filter { $0.0.hasSuffix(" href=") }
                .map(\.1)
            #expect(targets.contains { $0.hasPrefix("#d-") })
            #expect(targets.contains { $0.hasPrefix("#s-") })
            for target in Set(targets) {
                #expect(text.contains(" id=\"\(target.dropFirst())\""), "\(target)")
            }
            let seen = try JSON(
                parsing: try await runSuccessfully(
                    pythonTool,
                    [
                        repositoryRoot + "/Tests/ReportsTests/Oracles/browser.py", printer, page,
                        "320", "1200",
                    ]))
            guard case .integer(let pages) = seen["pages"] else { return #expect(Bool(false)) }
            #expect((1...3).contains(pages), "\(pages) pages")
            #expect(seen["violations"] == [])
            #expect(seen["dark_violations"] == [])
        }
    }
}

/// The browser that prints pages.
private let printer =
    isInstalled("chromium-headless-shell") ? "chromium-headless-shell" : "chromium"

extension Scene {
    /// Expects that `status` and `verify` say the same of a bundle, given the same options.
    func expectOneVerdict(_ bundle: String, _ given: [String]) async throws {
        let verified = try await closeout(["verify", bundle] + given + ["--format", "json"])
        let status = try await closeout(["status", bundle] + given + ["--format", "json"])
        let verdict = try ReportReading(parsing: verified.stdout).verdict
        let told = try JSON(parsingCanonical: Array(status.stdout.dropLast()))
        #expect(told["report"]?["verdict"] == JSON(verdict), "\(bundle) \(given)")
        let text = try await closeout(["status", bundle] + given)
        #expect(text.stdoutText.hasPrefix(verdict), "\(bundle) \(given)")
    }
}
