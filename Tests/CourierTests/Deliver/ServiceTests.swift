import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("deliver --watch", .requires("python3"))
struct ServiceTests {
    @Test("a service delivers what appears in its folder, and a SIGTERM ends it in good order")
    func watches() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            try makeDirectory(scene.path + "/bundles")
            // The script stops the service once the receiver has seen requests and the records are there.
            let script = """
                "$0" deliver --watch bundles --status-file status.json 2>log.jsonl & service=$!
                mv p-1.closeout bundles/; cp release.pub.pem bundles/
                count=0
                while ! grep -q delivery/v bundles/p-1.closeout/evidence/*.json; do
                    sleep 0.2; count=$((count + 1)); [ $count -lt 600 ] || break
                done
                kill -TERM $service
                wait $service
                """
            let result = try await run(
                "sh", ["-c", script, courierExecutable], environment: DeliverScene.environment,
                workingDirectory: scene.path)
            let log = String(decoding: try readFile(scene.path + "/log.jsonl"), as: UTF8.self)
            #expect(result.status == 0, "\(log)")
            let lines = try log.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
            let events = lines.compactMap { $0["event"]?.text }
            #expect(events.first == "started" && events.last == "stopped")
            #expect(events.contains("attempt"))
            // What is no bundle is passed over with a word, once.
            let passed = lines.filter { $0["event"]?.text == "passed-over" }
            #expect(passed.contains { $0["path"]?.text == "bundles/release.pub.pem" })
            #expect(Set(passed.compactMap { $0["path"]?.text }).count == passed.count)
            #expect(!log.contains("localhost") && !log.contains(DeliverScene.secret))
            let status = try JSON(parsing: try readFile(scene.path + "/status.json"))
            #expect(status["state"]?.text == "stopped")
            #expect(status["kind"]?.text == "closeout/delivery-service/v1")
            let health = try #require(status["health"])
            #expect(health["health"]?.text == "good" && health["passing"] == .bool(true))
            #expect(health["last_pass"]?.text != nil && health["dead"] == .integer(0))
            let recorded = try await scene.recorded("delivery", in: "bundles/p-1.closeout")
            #expect(recorded == (try scene.requests().map { $0[3] }.sorted()))
        }
    }

    @Test(
        "what is no status file is not replaced by one, and nothing is made inside a bundle",
        arguments: [
            ["--status-file", "routes.json"], ["--status-file", "release.pem"],
            ["--status-file", "p-1.closeout/seal.json"], ["--status-file", "p-1.closeout/status"],
            ["--outbox", "p-1.closeout/outbox"],
        ])
    func places(words: [String]) async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            let files = ["sh", "-c", "find . -type f | sort | xargs sha256sum"]
            let before = try await runSuccessfully(
                files[0], Array(files.dropFirst()), workingDirectory: scene.path)
            let result = try await run(
                courierExecutable, ["deliver", "--watch", "."] + words,
                environment: DeliverScene.environment, workingDirectory: scene.path)
            #expect(result.status == 73, "\(result.stderrText)")
            let after = try await runSuccessfully(
                files[0], Array(files.dropFirst()), workingDirectory: scene.path)
            #expect(after == before)
        }
    }

    @Test(
        "the status of a service says which route is stopped, what was given up, and what is in trouble"
    )
    func unwell() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/410")])
            try makeDirectory(scene.path + "/bundles/damaged")
            try writeFile("{}", to: scene.path + "/bundles/damaged/log.jsonl")
            let script = """
                "$0" deliver --watch bundles --status-file status.json 2>log.jsonl & service=$!
                mv p-1.closeout bundles/
                count=0
                while ! grep -q '"dead":[1-9][0-9]*,"health"' status.json; do
                    sleep 0.2; count=$((count + 1)); [ $count -lt 600 ] || break
                done
                kill -TERM $service
                wait $service
                """
            let result = try await run(
                "sh", ["-c", script, courierExecutable], environment: DeliverScene.environment,
                workingDirectory: scene.path)
            #expect(result.status == 0)
            let status = try JSON(parsing: try readFile(scene.path + "/status.json"))
            let health = try #require(status["health"])
            #expect(health["health"]?.text == "attention" && health["passing"] == .bool(false))
            #expect(health["last_pass"] == .null)
            let requests = try scene.requests().count
            #expect(requests > 0 && health["dead"] == .integer(Int64(requests)))
        }
    }

    @Test(
        "a service whose outbox is taken away or replaced stops with an error, and records nothing from it",
        arguments: [
            "rm outbox.sqlite*", "cp outbox.sqlite new; chmod 600 new; mv new outbox.sqlite",
        ])
    func outboxTaken(command: String) async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/503")])
            try makeDirectory(scene.path + "/bundles")
            let script = """
                mv p-1.closeout bundles/
                "$0" deliver --watch bundles --status-file status.json 2>log.jsonl & service=$!
                count=0
                while ! grep -q '"event":"attempt"' log.jsonl; do
                    sleep 0.2; count=$((count + 1)); [ $count -lt 600 ] || break
                done
                \(command)
                count=0
                while kill -0 $service 2>/dev/null; do
                    sleep 0.2; count=$((count + 1)); [ $count -lt 600 ] || kill -TERM $service
                done
                wait $service
                """
            let result = try await run(
                "sh", ["-c", script, courierExecutable], environment: DeliverScene.environment,
                workingDirectory: scene.path)
            let log = String(decoding: try readFile(scene.path + "/log.jsonl"), as: UTF8.self)
            #expect(result.status == 74, "\(log)")
            #expect(log.contains(#""event":"outbox-trouble""#), "\(log)")
            #expect(log.contains("the file of the outbox was removed, or another took its place"))
            let status = try JSON(parsing: try readFile(scene.path + "/status.json"))
            #expect(status["state"]?.text == "stopped")
            #expect(status["health"]?["passing"] == .bool(false))
            #expect(try await scene.recorded("state", in: "bundles/p-1.closeout") == [])
        }
    }

    @Test("systemd takes the unit", .requires("systemd-analyze"))
    func unit() async throws {
        try await withTemporaryDirectory { folder in
            let text = String(
                decoding: try readFile(
                    repositoryRoot + "/packaging/systemd/closeout-courier.service"), as: UTF8.self)
            let unit = text.replacing("/usr/bin/closeout ", with: "/bin/true ")
            #expect(unit != text)
            try writeFile(unit, to: folder + "/closeout-courier.service")
            let result = try await run(
                "systemd-analyze", ["--man=no", "verify", folder + "/closeout-courier.service"])
            #expect(result.status == 0)
            #expect(result.stderrText == "" && result.stdoutText == "")
        }
    }
}
