import CloseoutEncodings
import CloseoutTestSupport
import FoundationEssentials
import Testing

extension Scene {
    /// A package that tells of an alert that was delivered, and of a delivery that failed.
    fileprivate func writePackage(_ more: String = "") throws {
        try write(
            """
            {"schema_version": "cavra.final_closeout_trial.v1", \(more)
             "release_closeout_summary": {"closeout_state": "closed", "delivery_state": "failed"},
             "retention_review": {"decision_state": "approved", "retention_until": "2033-01-01"},
             "retention_alert_delivery": {"alert_id": "a-1",
               "providers": [{"provider": "webhook", "delivery_state": "delivered"}]},
             "closeout_artifact_bundle": {"files": [{"name": "a.json",
               "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}]}}
            """, to: "in/cavra.json")
    }
}

@Suite("Importing on the command line")
struct ImportTests {
    @Test("shows claim and recomputation, writes nothing and exits as deciding does")
    func judges() async throws {
        try await withScene { scene in
            try scene.writePackage()
            let before = try await scene.files(below: ".")
            let text = try await scene.closeout("import", "cavra", "in/cavra.json")
            #expect(text.status == 20)
            #expect(text.stderr.isEmpty)
            #expect(text.stdoutText.hasPrefix("blocked, claimed nothing · as of "))
            #expect(text.stdoutText.contains("file.absent"))
            let json = try await scene.closeout(
                "import", "cavra", "in/cavra.json", "--format", "json", "--as-of",
                "2026-06-01T00:00:00Z")
            #expect(json.status == 20)
            let value = try JSON(parsingCanonical: Array(json.stdout.dropLast()))
            #expect(value["decision"]?["outcome"] == "blocked")
            #expect(value["decision"]?["as_of"] == "2026-06-01T00:00:00Z")
            #expect(value["stored"] == .null)
            #expect(try await scene.files(below: ".") == before)
        }
    }

    @Test("compares a listed file that lies beside the package, and no link to elsewhere")
    func beside() async throws {
        try await withScene { scene in
            try scene.writePackage()
            for (command, found) in [
                ("printf a > in/a.json", false), ("printf b > in/a.json", true),
                ("rm in/a.json; printf a > a.json", true),
            ] {
                try await scene.shellDone(command)
                let result = try await scene.closeout("import", "cavra", "in/cavra.json")
                #expect(result.stdoutText.contains("  file.") == found, "\(command)")
            }
            let piped = try await scene.shell(
                "cat in/cavra.json | closeout import cavra /dev/stdin")
            #expect(piped.status == 20)
        }
    }

    @Test(
        "evaluates a package whatever lies beside it under a listed name, and says so of that file",
        arguments: [
            ("mkdir in/a.json", "it is a directory"),
            ("mkfifo in/a.json", "it is a FIFO"),
            ("ln -s ../a.json in/a.json; printf a > a.json", "cannot open: "),
            ("ln -s nowhere in/a.json", "cannot open: "),
            ("sed -i s/a.json/$(printf %0300d 0)/ in/cavra.json", "cannot open: "),
            (
                "python3 -c 'import socket as s;s.socket(s.AF_UNIX).bind(\"in/a.json\")'",
                "cannot be compared: "
            ),
            ("truncate -s 17M in/a.json", "it is larger than"),
            (#"sed -i 's/a\.json/a\\u0000/' in/cavra.json"#, "is not looked for"),
            ("sed -i s/a.json/../ in/cavra.json", "is not looked for"),
        ])
    func whateverIsBeside(command: String, words: String) async throws {
        try await withScene { scene in
            try scene.writePackage()
            try await scene.shellDone(command)
            let result = try await scene.shell("timeout 60 closeout import cavra in/cavra.json")
            #expect(result.status == 20, "\(result.stderrText)")
            let reported = lines(result.stdoutText).filter { $0.hasPrefix("  file.") }
            #expect(reported.count == 1)
            #expect(reported.first?.contains(words) == true, "\(reported)")
            #expect(reported.first?.contains("closeout_artifact_bundle.files[0]") == true)
        }
    }

    @Test("takes other criteria, and is blocked under them too")
    func criteria() async throws {
        try await withScene { scene in
            try scene.writePackage()
            let result = try await scene.closeout(
                "import", "cavra", "in/cavra.json", "--criteria", "artifacts-only")
            #expect(result.status == 20)
            #expect(result.stdoutText.contains("criteria artifacts-only 1, "))
        }
    }

    @Test("refuses what is no package with the place, and writes nothing into the bundle")
    func refuses() async throws {
        try await withSealedRelease { scene in
            try scene.writePackage(#""generated_at": "soon","#)
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            let wrong = try await scene.closeout(
                "import", "cavra", "in/cavra.json", "--bundle", "p-1.closeout")
            #expect(wrong.status == 65)
            #expect(wrong.stderrText.contains("in/cavra.json: generated_at: must be a date"))
            #expect(try await scene.closeout("import", "cavra", "none.json").status == 66)
            #expect(
                try await scene.closeout("import", "cavra", "in/cavra.json", "--by", "x").status
                    == 64)
            try scene.writePackage()
            let missing = try await scene.closeout(
                "import", "cavra", "in/cavra.json", "--bundle", "none.closeout")
            #expect(missing.status == 66)
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
        }
    }

    @Test("stores all records as asserted in one step, or nothing where one cannot be stored")
    func stores() async throws {
        try await withSealedRelease { scene in
            let key = try await scene.shellDone("cat release.pem").split(separator: "\n")
                .joined(separator: "\\n")
            try scene.writePackage(#""zz": "\#(key)","#)
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            let refused = try await scene.append(
                "import cavra in/cavra.json --bundle p-1.closeout")
            #expect(refused.status == 65, "\(refused.stderrText)")
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)

            try scene.writePackage()
            let stored = try await scene.append(
                "import cavra in/cavra.json --bundle p-1.closeout --by carol")
            #expect(stored.status == 20)
            let paths = lines(stored.stdoutText)
            #expect(paths.count { $0.hasPrefix("evidence/") } == 4)
            #expect(paths.count { $0.hasPrefix("attachments/") } == 1)
            #expect(paths.allSatisfy { scene.has("p-1.closeout/\($0)") })
            #expect(stored.stderrText.contains("blocked, claimed nothing"))
            let verified = try await scene.shell(
                "closeout verify p-1.closeout --trust trust.json --artifacts dist --format json")
            #expect(verified.status == 0, "\(verified.stdoutText)")
            let report = try JSON(parsing: verified.stdout)
            let records = try #require(report["records"]).list
            let imported = records.filter { $0["kind"] != "closeout/attachment/v1" }
            #expect(imported.count == 4 && records.count == 5)
            #expect(imported.allSatisfy { $0["verified"] == false })
        }
    }

    @Test("says what of its records takes effect at once")
    func takesEffect() async throws {
        try await withStaffedRelease { scene in
            try await scene.record(
                "retention request p-1.closeout --class c --until 2034-01-01T00:00:00Z --reason r "
                    + "--key alice.pem")
            try await scene.record("retention approve p-1.closeout --key bob.pem")
            try scene.writePackage()
            let stored = try await scene.append(
                "import cavra in/cavra.json --bundle p-1.closeout")
            for (kind, words) in [
                ("retention-request", "and nothing undoes it: it ends at 2033-01-01T00:00:00Z"),
                ("delivery", "whoever signed it: the delivery unnamed to unnamed is failed"),
            ] {
                let records = try await scene.done("show", "p-1.closeout", "--evidence")
                let line = lines(stored.stderrText).first { $0.contains(words) } ?? ""
                #expect(line.hasPrefix("closeout: warning: evidence/"), "\(stored.stderrText)")
                #expect(
                    records.contains { record in
                        record.contains(kind) && record.contains(line.dropFirst(27).prefix(64))
                    }, "\(line) \(records)")
            }
        }
    }

    @Test("makes no criterion pass in the bundle, and is not stored twice")
    func again() async throws {
        try await withSealedRelease { scene in
            try scene.writePackage()
            let command = "import cavra in/cavra.json --bundle p-1.closeout --format json"
            _ = try await scene.append(command)
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            let again = try await scene.append(command)
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
            #expect(try JSON(parsing: again.stdout)["stored"]?.list.count == 1)
            let decided = try await scene.shell(
                "closeout decide p-1.closeout --trust trust.json --artifacts dist "
                    + "--criteria final-closeout --format json")
            #expect(decided.status == 20)
            let json = try JSON(parsing: decided.stdout)
            let results = try #require(json["decision"]?["now"]?["results"]).list
            let passing = results.filter { $0["status"] == "pass" }.compactMap { $0["id"] }
            #expect(passing == ["C6", "C11"])
        }
    }
}

extension JSON {
    /// The elements of an array; nothing for another value.
    fileprivate var list: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }
}
