import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("deliver trial")
struct DeliverTrialTests {
    @Test("ends ready for release, with evidence of just what its receiver counted, and no secret")
    func whole() async throws {
        try await withTemporaryDirectory { folder in
            let trial = try await run(
                courierExecutable, ["deliver", "trial", "--out", "t"], workingDirectory: folder)
            try #require(trial.status == 0, "\(trial.stdoutText)\(trial.stderrText)")
            let text = trial.stdoutText
            #expect(text.contains("It is ready_for_release, exit code 0."))
            // What failed was settled by its live run, so that C9 asks for nothing any more.
            for (criterion, status) in [("C4", "pass"), ("C8", "pass"), ("C9", "not_applicable")] {
                let line = text.split(separator: "\n").first { $0.hasPrefix("  \(criterion) ") }
                #expect(line?.contains(" \(status) ") == true, "\(text)")
            }

            let path = folder + "/t"
            let counts = text.matches(
                of: /(\w+) has counted (\d+) taken, (\d+) refused, (\d+) diff/)
            let last = counts.suffix(2).map { "\($0.1) \($0.2) \($0.3) \($0.4)" }
            #expect(last == ["siem 1 0 1", "itsm 1 1 1"])
            let attempts = try await attempts(in: path + "/payments-1.4.0.closeout")
            #expect(attempts["siem"] == ["success"])
            #expect(attempts["itsm"] == ["permanent", "success"])

            let verified = try await run(
                closeoutExecutable,
                [
                    "verify", "payments-1.4.0.closeout", "--artifacts", "app", "--trust",
                    "trust.json",
                ],
                workingDirectory: path)
            #expect(verified.status == 0 && verified.stdoutText.hasPrefix("VERIFIED"))
            for name in ["siem", "itsm"] { try await expectKept("\(name)-secret", in: path) }
        }
    }

    @Test("leaves a folder alone that holds something")
    func folderInUse() async throws {
        try await withTemporaryDirectory { folder in
            try makeDirectory(folder + "/t")
            try writeFile("mine", to: folder + "/t/file")
            let trial = try await run(
                courierExecutable, ["deliver", "trial", "--out", "t"], workingDirectory: folder)
            #expect(trial.status == 73)
            #expect(String(decoding: try readFile(folder + "/t/file"), as: UTF8.self) == "mine")
        }
    }

    /// The outcomes of the attempts that the longest record of each route lists.
    private func attempts(in bundle: String) async throws -> [String: [String]] {
        let listing = try await run(
            "sh", ["-c", "for file in evidence/*.json; do cat $file; echo; done"],
            workingDirectory: bundle)
        var attempts: [String: [String]] = [:]
        for line in listing.stdoutText.split(separator: "\n") {
            guard let record = try? JSON(parsing: Array(line.utf8)),
                record["kind"]?.text == "closeout/delivery/v2", let route = record["route"]?.text
            else { continue }
            let outcomes = (record["attempts"]?.elements ?? []).compactMap { $0["outcome"]?.text }
            if outcomes.count > attempts[route, default: []].count { attempts[route] = outcomes }
        }
        return attempts
    }

    /// Expects that a secret stands in its own file, and in no other of the folder.
    private func expectKept(_ name: String, in path: String) async throws {
        let text = String(decoding: try readFile("\(path)/\(name)"), as: UTF8.self)
        let word = try #require(text.split(separator: "\n").first.map { String($0.dropFirst(6)) })
        let key = try #require(Base64.decode(Array(word.utf8)))
        for written in [word, Hex.string(key)] {
            let found = try await run(
                "grep", ["-rlaF", "--", written, "."], workingDirectory: path)
            #expect(found.stdoutText == (written == word ? "./\(name)\n" : ""))
        }
    }
}
