import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("retry", .requires("python3"))
struct RetryTests {
    @Test("what failed is planned, rehearsed, reviewed and sent once, and is settled by that")
    func whole() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            try scene.write([try scene.route("desk", "/status/200")])
            let (plan, run, review) = try await scene.reviewed()
            #expect(try scene.requests().count == ids.count)
            // What a reviewer answers for is shown before the key is read, which there is not.
            let shown = try await scene.courier(
                "retry", "review", "p-1.closeout", run, "--deny", "--key", "none.pem")
            #expect(shown.status == 66)
            for id in ids {
                let line = shown.stderrText.split(separator: "\n").first { $0.contains(id) }
                #expect(line?.contains("would_send, webhook, tag ") == true, "\(shown.stderrText)")
                #expect(line?.contains(" bytes, not resolved, fields ") == true)
                let listed = try await scene.closeout("show", "p-1.closeout", "--evidence")
                #expect(listed.contains("\n" + String(try #require(line)) + "\n"), "\(listed)")
            }
            try await scene.live(plan, run, review)
            #expect(
                try scene.requests().dropFirst(ids.count).map { $0[3] }.sorted() == ids.sorted())
            #expect(Set(try await scene.recorded("state")) == ["delivered", "failed"])
            let status = try await scene.closeout("show", "p-1.closeout", "--evidence")
            #expect(!status.contains("counts as open"))
            try await scene.live(plan, run, review, status: 30)
            #expect(try scene.requests().count == 2 * ids.count)
            let verified = try await scene.closeout("verify", "p-1.closeout", "--artifacts", "dist")
            #expect(verified.hasPrefix("VERIFIED"))
            // What is settled is not recorded once more.
            let records = try await scene.recorded("state").count
            _ = try await scene.courier("deliver", "p-1.closeout")
            #expect(try await scene.recorded("state").count == records)
        }
    }

    @Test("a dry run makes no system call of the network", .requires("strace"))
    func noSocket() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            let plan = try await scene.retry(
                "plan", "--owner", "o", "--resolve-by", "2099-01-01T00:00:00Z", "--reason", "r",
                "--key", "plans.pem")
            let result = try await run(
                "strace",
                [
                    "-f", "-e", "trace=network", "-o", "trace", courierExecutable, "retry", "run",
                    "p-1.closeout", "--plan", plan, "--dry-run", "--route-key", "route.key",
                    "--disclosures", "kept",
                    "--key", "plans.pem",
                ], environment: DeliverScene.environment, workingDirectory: scene.path)
            #expect(result.status == 0, "\(result.stderrText)")
            let trace = String(
                decoding: try readFile(scene.path + "/trace"), as: UTF8.self)
            for call in ["socket(", "connect(", "sendto(", "sendmsg("] {
                #expect(!trace.contains(call), "\(trace.prefix(2000))")
            }
            #expect(result.stderrText.contains("not resolved"))
            #expect(try scene.requests().count == ids.count)
        }
    }

    @Test("nothing is sent that was not reviewed: no other message, no other run, no denied one")
    func notReviewed() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            let (plan, run, review) = try await scene.reviewed()
            try scene.write([
                try scene.route("desk", "/status/200", settings: #"{"body":"ocsf"}"#)
            ])
            let other = try await scene.retry(
                "run", "--plan", plan, "--dry-run", "--route-key", "route.key", "--disclosures",
                "kept", "--key",
                "plans.pem")
            try await scene.live(plan, other, review, status: 30)
            try await scene.live(plan, run, review, key: "release.pem", status: 30)
            try await scene.retry("review", other, "--deny", "--key", "reviews.pem")
            try await scene.retry("review", other, "--approve", "--key", "reviews.pem", status: 64)
            // The message is another than the one that was reviewed.
            try await scene.live(plan, run, review, status: 40)
            #expect(try scene.requests().count == ids.count)
        }
    }

    @Test("a bundle from before its live run is not sent to again under the same review")
    func restored() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            try scene.write([try scene.route("desk", "/status/200")])
            let (plan, run, review) = try await scene.reviewed()
            try await scene.inFolder("cp -a p-1.closeout before")
            try await scene.live(plan, run, review)
            try await scene.inFolder("rm -r p-1.closeout; mv before p-1.closeout")
            let said = try await scene.live(plan, run, review, status: 30)
            #expect(said.contains("this bundle has no record of it"), "\(said)")
            // Another approval of the same dry run is no way around it.
            let second = try await scene.retry("review", run, "--approve", "--key", "reviews.pem")
            try await scene.live(plan, run, second, status: 30)
            #expect(try scene.requests().count == 2 * ids.count)
            #expect(Set(try await scene.recorded("state")) == ["failed"])
        }
    }

    @Test("a live run that was killed with an answer outstanding is recorded as of unknown outcome")
    func killedUnderWay() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            try scene.write([try scene.route("desk", "/stall", deadline: 20)])
            let (plan, run, review) = try await scene.reviewed()
            try await scene.waitUntilDue(plan)
            let killed = try await scene.startLive(plan, run, review, killAfter: .seconds(8))
            #expect(killed.status != 0)
            #expect(try scene.requests().count == 2 * ids.count)
            try await scene.endLeases()
            // Over a route that was changed since, nobody could say that what left was what was reviewed.
            try scene.write([try scene.route("desk", "/stall", deadline: 21)])
            let changed = try await scene.live(plan, run, review, status: 30)
            #expect(changed.contains("cannot be recorded"), "\(changed)")
            try scene.write([try scene.route("desk", "/stall", deadline: 20)])
            let said = try await scene.live(plan, run, review, status: 40)
            #expect(said.contains("is taken up again"), "\(said)")
            #expect(!said.contains("skipped") && said.contains("failed, interrupted"), "\(said)")
            #expect(try scene.requests().count == 2 * ids.count)
            #expect(Set(try await scene.recorded("state")) == ["failed", "unknown_outcome"])
            try await scene.live(plan, run, review, status: 30)
            let verified = try await scene.closeout("verify", "p-1.closeout", "--artifacts", "dist")
            #expect(verified.hasPrefix("VERIFIED"), "\(verified)")
        }
    }

    @Test("a live run that is killed at any instant sends nothing twice, and says what was sent")
    func killed() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            try scene.write([try scene.route("desk", "/status/200", deadline: 20)])
            let (plan, run, review) = try await scene.reviewed()
            try await scene.waitUntilDue(plan)
            try await scene.inFolder("mkdir before; cp -a p-1.closeout outbox.sqlite* kept before/")
            var generator = SplitMix64(seed: 12)
            for _ in 0..<repetitions(60, usually: 6) {
                let start = try scene.requests().count
                let micros = Int.random(in: 50_000...900_000, using: &generator)
                let first = try await scene.startLive(
                    plan, run, review, killAfter: .microseconds(micros))
                if first.status != 0 {
                    try await scene.endLeases()
                    try await scene.closeout("repair", "p-1.closeout")
                    let again = try await scene.startLive(plan, run, review)
                    let said = again.stderrText
                    #expect([0, 30, 40].contains(again.status), "\(said)")
                    #expect(!said.contains("skipped"), "\(said)")
                    #expect(again.status != 30 || said.contains("which allows one"), "\(said)")
                }
                let sent = try scene.requests().dropFirst(start).map { $0[3] }
                #expect(Set(sent).count == sent.count && Set(sent).isSubset(of: ids))
                let said = Set(try await scene.recorded("state"))
                #expect(said.isSubset(of: ["failed", "delivered", "unknown_outcome"]))
                if !said.contains("unknown_outcome") {
                    #expect(said == ["failed", "delivered"] && Set(sent) == Set(ids))
                }
                // The checkpoint of the last records may be missing.
                let verified = try await CloseoutTestSupport.run(
                    closeoutExecutable, ["verify", "p-1.closeout", "--artifacts", "dist"],
                    environment: DeliverScene.environment, workingDirectory: scene.path)
                #expect([0, 40].contains(verified.status), "\(verified.stdoutText)")
                try await scene.inFolder("rm -r p-1.closeout outbox.sqlite* kept; cp -a before/* .")
            }
        }
    }

    @Test("what a service sent of a live run meanwhile is said of that run")
    func besideOthers() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            try scene.write([try scene.route("desk", "/status/200", deadline: 20)])
            let (plan, run, review) = try await scene.reviewed()
            try await scene.waitUntilDue(plan)
            let first = try await scene.startLive(plan, run, review, killAfter: .milliseconds(1))
            #expect(first.status != 0)
            // The run had taken the deliveries up; somebody else sends and records them.
            try await scene.takeUp(plan, run, review, ids)
            #expect(try await scene.courier("deliver", "p-1.closeout").status == 0)
            let recorded = try await scene.recorded("state").count
            #expect(recorded == 2 * ids.count)
            let said = try await scene.live(plan, run, review)
            #expect(!said.contains("skipped"), "\(said)")
            #expect(try scene.requests().count == 2 * ids.count)
            #expect(try await scene.recorded("state").count == recorded)
            let verified = try await scene.closeout("verify", "p-1.closeout", "--artifacts", "dist")
            #expect(verified.hasPrefix("VERIFIED"), "\(verified)")
        }
    }

    @Test("nothing is sent to another path of the same host than the one that was reviewed")
    func otherPath() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            let (plan, run, review) = try await scene.reviewed()
            try scene.write([try scene.route("desk", "/status/200")])
            try await scene.live(plan, run, review, status: 40)
            #expect(try scene.requests().count == ids.count)
            let codes = try await CloseoutTestSupport.run(
                "sh", ["-c", "cat p-1.closeout/evidence/*.json | grep -o 'review[.][a-z-]*'"],
                workingDirectory: scene.path)
            #expect(
                codes.stdoutText.split(separator: "\n").map(String.init)
                    == ids.map { _ in "review.route-differs" })
        }
    }

    @Test("nothing is sent over a route of which anything was changed since the review")
    func otherEntry() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            let (plan, run, review) = try await scene.reviewed()
            try scene.write([try scene.route("desk", "/status/410", deadline: 59)])
            try await scene.live(plan, run, review, status: 40)
            #expect(try scene.requests().count == ids.count)
            let codes = try await CloseoutTestSupport.run(
                "sh", ["-c", "cat p-1.closeout/evidence/*.json | grep -o 'review[.][a-z-]*'"],
                workingDirectory: scene.path)
            #expect(
                codes.stdoutText.split(separator: "\n").map(String.init)
                    == ids.map { _ in "review.message-differs" })
        }
    }

    @Test("no dry run is made that no live run could use, and no live run without what compares it")
    func notCommitted() async throws {
        try await withDeliverScene { scene in
            let ids = try await scene.failed()
            let plan = try await scene.retry(
                "plan", "--owner", "o", "--resolve-by", "2099-01-01T00:00:00Z", "--reason", "r",
                "--key", "plans.pem")
            let records = try await scene.inFolder("ls p-1.closeout/evidence")
            try await scene.retry(
                "run", "--plan", plan, "--dry-run", "--key", "plans.pem", status: 64)
            #expect(try await scene.inFolder("ls p-1.closeout/evidence") == records)
            try await scene.retry(
                "run", "--live", "--plan", plan, "--run", plan, "--review", plan, "--key",
                "plans.pem", status: 64)
            #expect(try scene.requests().count == ids.count)
        }
    }

    @Test("a commitment of a dry run is opened to an auditor, who checks it offline")
    func opened() async throws {
        try await withDeliverScene { scene in
            _ = try await scene.failed()
            let (_, run, _) = try await scene.reviewed()
            try await scene.closeout(
                "redaction", "open", "p-1.closeout", run, "--name", "destination",
                "--disclosures", "kept", "--for", "the auditor", "-o", "opening")
            let checked = try await scene.closeout("redaction", "check", "p-1.closeout", "opening")
            #expect(checked.contains("destination: localhost:\(try scene.port("receiver"))"))
            let text = String(decoding: try readFile(scene.path + "/opening"), as: UTF8.self)
            let digit: Character =
                text.contains("\"record\":\"0") || text.contains("\"seal\":\"0") ? "x" : "0"
            let forged = text.replacing(/"record":"./, with: "\"record\":\"\(digit)")
            try writeFile(forged, to: scene.path + "/forged")
            let refused = try await scene.courier("redaction", "check", "p-1.closeout", "forged")
            #expect(refused.status == 30, "\(refused.stderrText)")
            let shown = try JSON(parsing: Array(text.utf8))["disclosures"]?.elements.first?.text
            let value = try #require(shown)
            for (name, other, status) in [
                ("other-seal", text.replacing(/"seal":"./, with: "\"seal\":\"\(digit)"), 30),
                ("cut", String(text.dropLast(2)), 65),
                ("no-disclosure", text.replacing(value, with: "AAAA"), 65),
            ] {
                try writeFile(other, to: scene.path + "/" + name)
                let result = try await scene.courier("redaction", "check", "p-1.closeout", name)
                #expect(result.status == status, "\(name): \(result.stderrText)")
            }
            let kept = String(
                decoding: try readFile(scene.path + "/kept"), as: UTF8.self)
            #expect(!kept.contains(DeliverScene.secret))
        }
    }

    @Test("the proof says what it searched, and finds nothing")
    func proof() async throws {
        try await withTemporaryDirectory { folder in
            let result = try await run(
                courierExecutable, ["redaction", "prove"], workingDirectory: folder)
            #expect(result.status == 0, "\(result.stderrText)")
            #expect(result.stdoutText.contains("records: "))
            #expect(result.stderrText.contains("secrets planted"))
        }
    }
}
