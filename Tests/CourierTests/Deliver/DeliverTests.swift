import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("deliver", .requires("python3"))
struct DeliverTests {
    @Test("what a bundle has to tell arrives once, and is recorded in the bundle")
    func arrives() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            let first = try await scene.courier("deliver", "p-1.closeout")
            let events = try scene.requests()
            // Nobody has observed the archive, so that retention has findings too.
            #expect(first.stdoutText.split(separator: "\n").count == events.count)
            #expect(first.stdoutText.contains("closeout"), "\(first.stderrText)")
            #expect(first.status == 0, "\(first.stderrText)\(first.stdoutText)")
            #expect(!events.isEmpty && events.allSatisfy { $0[1] == "POST" })
            let recorded = try await scene.recorded("delivery")
            #expect(recorded == events.map { $0[3] }.sorted())
            #expect(Set(try await scene.recorded("state")) == ["delivered"])
            let again = try await scene.courier("deliver", "p-1.closeout")
            #expect(again.status == 0 && again.stdout == first.stdout)
            #expect(try scene.requests().count == events.count)
            #expect(try await scene.recorded("delivery") == recorded)
            let verified = try await scene.closeout("verify", "p-1.closeout", "--artifacts", "dist")
            #expect(verified.hasPrefix("VERIFIED"))
        }
    }

    @Test("a terminal sees how many have arrived, and with --quiet nothing", .requires("script"))
    func progress() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            for (option, isDrawn) in [("", true), ("--quiet", false)] {
                let result = try await run(
                    "sh",
                    [
                        "-c",
                        "rm -f outbox.sqlite*; script -qec '\(courierExecutable) deliver \(option) p-1.closeout' /dev/null </dev/null",
                    ], environment: DeliverScene.environment, workingDirectory: scene.path)
                #expect(result.status == 0, "\(result.stdoutText)")
                #expect(result.stdoutText.contains(" arrived, ") == isDrawn)
                #expect(result.stdoutText.contains("\r\u{1B}[K") == isDrawn)
            }
        }
    }

    @Test("records that no checkpoint commits are no news, and nothing is sent because of them")
    func uncommitted() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            let environment = DeliverScene.environment.merging(["CLOSEOUT_LOG_KEY": nil]) { $1 }
            for _ in 0..<3 {
                let result = try await run(
                    courierExecutable, ["deliver", "p-1.closeout"], environment: environment,
                    workingDirectory: scene.path)
                #expect(result.status == 0, "\(result.stderrText)")
            }
            let ids = try scene.requests().map { $0[3] }
            #expect(ids.count == 2 && Set(ids).count == 2)
            #expect(try await scene.recorded("delivery") == ids.sorted())
        }
    }

    @Test("the record of a decision that was delivered links to the decision")
    func decision() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            try await scene.closeout("keygen", "--no-passphrase", "-o", "decider")
            try await scene.closeout(
                "trust", "add", "trust.json", "decider.pub.pem", "--operator", "desk", "--role",
                "decider")
            try await scene.closeout(
                "close", "p-1.closeout", "--criteria", "artifacts-only", "--artifacts", "dist",
                "--key", "decider.pem")
            let result = try await scene.courier("deliver", "p-1.closeout")
            #expect(result.status == 0, "\(result.stderrText)")
            let evidence = try await run(
                "sh", ["-c", "grep -l closeout/decision/v2 p-1.closeout/evidence/*.json"],
                workingDirectory: scene.path)
            let decision = try #require(
                evidence.stdoutText.split(separator: "/").last?.prefix(64))
            let delivered = try await run(
                "sh", ["-c", #"grep -h '"event":"decision"' p-1.closeout/evidence/*.json"#],
                workingDirectory: scene.path)
            let record = try JSON(parsing: delivered.stdout)
            let links = record["links"]?.elements ?? []
            #expect(links.contains { $0["sha256"]?.text == String(decision) }, "\(links)")
            #expect(links.contains { $0["kind"]?.text == "subject" })
        }
    }

    @Test("with a route key a record has a tag and commitments, which the kept file opens")
    func commitments() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            #expect(try await scene.courier("redaction", "keygen", "-o", "route.key").status == 0)
            let alone = try await scene.courier(
                "deliver", "p-1.closeout", "--route-key", "route.key")
            #expect(alone.status == 64)
            let result = try await scene.courier(
                "deliver", "p-1.closeout", "--route-key", "route.key", "--disclosures", "kept")
            #expect(result.status == 0, "\(result.stderrText)")
            let record = try #require(
                result.stderrText.split(separator: "\n").first { $0.hasPrefix("recorded ") })
            let opened = try await scene.courier(
                "redaction", "open", "p-1.closeout", String(record.dropFirst(9)), "--name",
                "destination", "--disclosures", "kept", "--for", "Eve", "-o", "opening.json")
            #expect(opened.status == 0, "\(opened.stderrText)")
            let checked = try await scene.courier(
                "redaction", "check", "p-1.closeout", "opening.json")
            #expect(checked.status == 0, "\(checked.stderrText)")
            #expect(checked.stdoutText.contains("localhost:"))
        }
    }

    @Test("where what opens commitments cannot be kept, nothing is sent")
    func disclosures() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            #expect(try await scene.courier("redaction", "keygen", "-o", "route.key").status == 0)
            try writeFile("{}", to: scene.path + "/other")
            try await scene.inFolder("chmod 600 other")
            for (path, status) in [("/dev/full", 73), ("other", 65), ("p-1.closeout/kept", 73)] {
                let result = try await scene.courier(
                    "deliver", "p-1.closeout", "--route-key", "route.key", "--disclosures", path)
                #expect(result.status == status, "\(path): \(result.stderrText)")
            }
            #expect(try scene.requests().isEmpty)
        }
    }

    @Test("a route that was changed after an attempt is not taken for the one that was used")
    func changedRoute() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            #expect(try await scene.courier("redaction", "keygen", "-o", "route.key").status == 0)
            _ = try await runSuccessfully(
                "cp", ["-r", "p-1.closeout", "other.closeout"], workingDirectory: scene.path)
            for bundle in ["other.closeout", "p-1.closeout"] {
                let result = try await scene.courier(
                    "deliver", bundle, "--route-key", "route.key", "--disclosures", "kept")
                #expect(result.status == 0, "\(result.stderrText)")
                try scene.write([try scene.route("desk", "/status/204")])
            }
            let recorded = try await scene.recorded("delivery")
            #expect(recorded == (try scene.requests().map { $0[3] }.sorted()))
            #expect(try await scene.recorded("delivery", in: "other.closeout") == recorded)
            let tagged = try await run(
                "sh", ["-c", "grep -l route_tag */evidence/*.json | cut -d/ -f1 | sort -u"],
                workingDirectory: scene.path)
            #expect(tagged.stdoutText == "other.closeout\n")
        }
    }

    @Test("what fails for now waits, which the exit code says, and nothing is recorded yet")
    func waits() async throws {
        try await withDeliverScene { scene in
            try scene.write([
                try scene.route("well", "/status/200"), try scene.route("ill", "/status/503"),
            ])
            let result = try await scene.courier("deliver", "p-1.closeout")
            #expect(result.status == 40, "\(result.stderrText)")
            #expect(result.stdoutText.contains("http.server-error 503, next "))
            #expect(Set(try await scene.recorded("route")) == ["well"])
            let status = try await scene.courier("deliver", "status")
            #expect(status.status == 40 && status.stdoutText.contains("waiting"))
        }
    }

    @Test("what is given up is loud, recorded as failed, and sent again when a person replays it")
    func givenUp() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/400")])
            let result = try await scene.courier("deliver", "p-1.closeout")
            #expect(result.status == 30)
            #expect(result.stderrText.contains("closeout: warning: delivery d-"))
            #expect(Set(try await scene.recorded("state")) == ["failed"])
            let count = try scene.requests().count
            try scene.write([try scene.route("desk", "/status/200")])
            let ids = try scene.requests().map { $0[3] }
            for id in ids {
                #expect(try await scene.courier("deliver", "replay", id).status == 0)
            }
            let again = try await scene.courier("deliver", "p-1.closeout")
            #expect(again.status == 0, "\(again.stderrText)")
            #expect(try scene.requests().dropFirst(count).map { $0[3] }.sorted() == ids.sorted())
            #expect(Set(try await scene.recorded("state")) == ["delivered", "failed"])
            let settled = try await scene.courier("deliver", "replay", ids[0])
            #expect(settled.status == 64 && settled.stderrText.contains("\(ids[0]): "))
            let unknown = try await scene.courier("deliver", "replay", ids[0], "d-0")
            #expect([64, 66].contains(unknown.status), "\(unknown.stderrText)")
            let absent = try await scene.courier("deliver", "replay", "d-0")
            #expect(absent.status == 66 && absent.stderrText.contains("d-0: the outbox has no"))
        }
    }

    @Test("with --queue-only nothing is sent until the next run")
    func queues() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            let queued = try await scene.courier("deliver", "p-1.closeout", "--queue-only")
            #expect(queued.status == 0 && queued.stdoutText.contains("waiting"))
            #expect(try scene.requests().isEmpty)
            let status = try await scene.status()
            let states = status["deliveries"]?.elements.map { $0["state"]?.text }
            #expect(states?.allSatisfy { $0 == "waiting" } == true)
            #expect(try await scene.courier("deliver", "p-1.closeout").status == 0)
            #expect(try scene.requests().count == states?.count)
        }
    }

    @Test("a route whose secret is not there is warned of, and the others deliver")
    func secretMissing() async throws {
        try await withDeliverScene { scene in
            try scene.write([
                try scene.route(
                    "bad", "/status/200", settings: #"{"signing_secrets":[{"env":"NOT_SET"}]}"#),
                try scene.route("good", "/status/200"),
            ])
            let result = try await scene.courier("deliver", "p-1.closeout")
            #expect(result.status == 40)
            #expect(result.stderrText.contains("route bad: settings.signing_secrets[0]: "))
            #expect(Set(try await scene.recorded("route")) == ["good"])
        }
    }

    @Test(
        "what a run that was killed had not finished recording is taken back, and nothing else is")
    func unfinished() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            try await scene.inFolder("cp -a p-1.closeout before")
            #expect(try await scene.courier("deliver", "p-1.closeout").status == 0)
            let records = try await scene.recorded("delivery")
            // As it is where the files are in place and the log was not written.
            try await scene.inFolder(
                """
                cd p-1.closeout; cp ../before/log.jsonl ../before/checkpoint .
                echo half > evidence/.closeout-tmp-0123456789abcdef
                """)
            let again = try await scene.courier("deliver", "p-1.closeout")
            #expect(again.status == 0, "\(again.stderrText)")
            #expect(again.stderrText.contains("had not finished recording was taken back"))
            #expect(try await scene.recorded("delivery") == records)
            #expect(try scene.requests().count == records.count)
            #expect(
                try await scene.inFolder("ls p-1.closeout.strays | wc -l") == "\(records.count)")
            let verified = try await scene.closeout("verify", "p-1.closeout", "--artifacts", "dist")
            #expect(verified.hasPrefix("VERIFIED"))
            // What is there beside is nobody's to move: not even the leftovers are.
            for (name, text) in [("evidence/note.json", "{}"), ("signatures/x.sig", "x")] {
                try await scene.inFolder(
                    """
                    cd p-1.closeout; cp ../before/log.jsonl ../before/checkpoint .
                    echo '\(text)' > \(name)
                    """)
                let files = try await scene.inFolder("find p-1.closeout* | sort")
                let refused = try await scene.courier("deliver", "p-1.closeout")
                #expect(refused.status == 30, "\(refused.stderrText)")
                #expect(try await scene.inFolder("find p-1.closeout* | sort") == files)
                try await scene.inFolder("rm p-1.closeout/\(name)")
            }
        }
    }

    @Test("files of keys that others may read are refused, and of routes and secrets warned of")
    func exposed() async throws {
        try await withDeliverScene { scene in
            try writeFile(DeliverScene.secret, to: scene.path + "/hook-secret")
            try await scene.inFolder("chmod 600 hook-secret")
            try scene.write([
                try scene.route(
                    "desk", "/status/200",
                    settings: #"{"signing_secrets":[{"file":"hook-secret"}]}"#)
            ])
            try await scene.inFolder("chmod 600 routes.json")
            #expect(try await scene.courier("redaction", "keygen", "-o", "route.key").status == 0)
            let keys = ["--route-key", "route.key", "--disclosures", "kept"]
            func deliver(_ options: String...) async throws -> RunResult {
                try await run(
                    courierExecutable, ["deliver", "p-1.closeout"] + keys + options,
                    environment: DeliverScene.environment, workingDirectory: scene.path)
            }
            try await scene.inFolder("chmod 640 route.key")
            let key = try await deliver()
            #expect(key.status == 64 && key.stderrText.contains("chmod 600 route.key"))
            #expect(try scene.requests().isEmpty)
            #expect(try await deliver("--allow-readable-key", "--queue-only").status == 0)
            try await scene.inFolder("chmod 600 route.key")
            let quiet = try await deliver()
            #expect(
                quiet.status == 0 && !quiet.stderrText.contains("warning"), "\(quiet.stderrText)")
            try await scene.inFolder("chmod 604 kept")
            let kept = try await deliver()
            #expect(kept.status == 64 && kept.stderrText.contains("chmod 600 kept"))
            try await scene.inFolder("chmod 600 kept; chmod 644 routes.json hook-secret")
            let warned = try await deliver()
            #expect(warned.status == 0)
            for name in ["routes.json", "hook-secret"] {
                #expect(warned.stderrText.contains("warning: \(name) may be read by others"))
            }
            #expect(try await scene.courier("routes", "lint").status == 40)
        }
    }

    @Test("what is wrong in routes.json is named by line and member, and no address is repeated")
    func namedFaults() async throws {
        try await withDeliverScene { scene in
            let address = "https://hooks.example.com/canary"
            try writeFile(
                "{\"kind\": \"closeout/routes/v1\",\n  \"routes\": [canary]}",
                to: scene.path + "/routes.json")
            let malformed = try await scene.courier("deliver", "p-1.closeout")
            #expect(malformed.status == 65)
            #expect(malformed.stderrText.contains("routes.json: line 2, column 14: "))
            let route = try scene.route("desk", "/status/200")
            let authority = scene.receiver + "/root.crt.pem"
            try scene.write([route.replacing(authority, with: "/nowhere/ca.pem")])
            let missing = try await scene.courier("routes", "test", "desk")
            #expect(missing.status == 66, "\(missing.stderrText)")
            #expect(
                missing.stderrText.contains(
                    "route desk: ca_file: the file /nowhere/ca.pem cannot be read"))
            for changed in [
                route.replacing(authority, with: address),
                route.replacing(#"{"env":"HOOK_SECRET"}"#, with: #"{"file":"\#(address)"}"#),
            ] {
                try scene.write([changed])
                let result = try await scene.courier("routes", "lint", "--secrets")
                #expect(result.status == 65, "\(result.stderrText)")
                #expect(!(result.stderrText + result.stdoutText).contains("canary"))
            }
            for option in ["--routes", "--outbox", "--trust", "--route-key"] {
                let result = try await scene.courier("deliver", "p-1.closeout", option, address)
                #expect(result.status != 0)
                #expect(!result.stderrText.contains("canary"), "\(option): \(result.stderrText)")
            }
            #expect(!(malformed.stderrText.contains("canary")))
        }
    }

    @Test("nothing of a bundle that is FAILED is delivered")
    func failedBundle() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            try writeFile("other\n", to: scene.path + "/p-1.closeout/SHA256SUMS")
            let result = try await scene.courier("deliver", "p-1.closeout")
            #expect(result.status == 30)
            #expect(
                result.stderrText.contains("is FAILED, and nothing of such a bundle is delivered"))
            #expect(try scene.requests().isEmpty)
        }
    }

    @Test("what is missing or wrong has the exit code of the command line, and repeats no value")
    func wrongInput() async throws {
        try await withDeliverScene { scene in
            try writeFile(
                #"{"kind":"closeout/routes/v1","routes":[{"name":"canary!"}]}"#,
                to: scene.path + "/routes.json")
            let result = try await scene.courier("deliver", "p-1.closeout")
            #expect(result.status == 65 && !result.stderrText.contains("canary"))
            #expect(try await scene.courier("deliver").status == 64)
            #expect(try await scene.courier("deliver", "status").status == 66)
            try scene.write([])
            #expect(try await scene.courier("deliver", "p-1.closeout").status == 64)
            #expect(try await scene.courier("routes", "lint").status == 30)
            try scene.write([try scene.route("desk", "/status/200")])
            #expect(try await scene.courier("deliver", "absent.closeout").status == 66)
            #expect(try await scene.courier("deliver", "--watch", "absent").status == 66)
        }
    }
}
