import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// What a person does about deliveries that failed, step by step.
extension DeliverScene {
    /// Sends what the bundle has to tell to a receiver that refuses it, and gives two operators the role `delivery`.
    ///
    /// - Returns: The ids of the deliveries that failed.
    func failed() async throws -> [String] {
        try write([try route("desk", "/status/410")])
        for name in ["plans", "reviews"] {
            try await closeout(
                "keygen", "--no-passphrase", "-o", name, "--trust", "trust.json", "--role",
                "delivery")
        }
        try await closeout("redaction", "keygen", "-o", "route.key")
        #expect(try await courier("deliver", "p-1.closeout").status == 30)
        return try requests().map { $0[3] }
    }

    /// Runs `retry` with the bundle and demands an exit code.
    ///
    /// - Returns: The last path that it printed: that of the record.
    @discardableResult
    func retry(_ arguments: String..., status: Int32 = 0) async throws -> String {
        let result = try await run(
            courierExecutable, ["retry", arguments[0], "p-1.closeout"] + arguments.dropFirst(),
            environment: Self.environment, workingDirectory: path)
        #expect(result.status == status, "\(arguments): \(result.stderrText)")
        return result.stdoutText.split(separator: "\n").last.map(String.init) ?? ""
    }

    /// Runs what was reviewed, once the plan is due: at most 30 seconds after the last attempt.
    ///
    /// - Returns: What it wrote to standard error.
    @discardableResult
    func live(
        _ plan: String, _ run: String, _ review: String, key: String = "plans.pem",
        status: Int32 = 0
    ) async throws -> String {
        while true {
            let result = try await startLive(plan, run, review, key: key)
            if result.stderrText.contains("is not due before") {
                try await Task.sleep(for: .seconds(1))
                continue
            }
            #expect(result.status == status, "\(result.stderrText)")
            return result.stderrText
        }
    }

    /// Runs what was reviewed, and may kill it.
    func startLive(
        _ plan: String, _ run: String, _ review: String, key: String = "plans.pem",
        killAfter delay: Duration? = nil
    ) async throws -> RunResult {
        try await CloseoutTestSupport.run(
            courierExecutable,
            [
                "retry", "run", "p-1.closeout", "--live", "--plan", plan, "--run", run, "--review",
                review, "--route-key", "route.key", "--disclosures", "kept", "--key", key,
            ], environment: Self.environment, workingDirectory: path, killAfter: delay)
    }

    /// Waits until nothing of a plan is before its time.
    func waitUntilDue(_ plan: String) async throws {
        let record = try JSON(parsing: try readFile(path + "/p-1.closeout/" + plan))
        let due = record["entries"]?.elements.compactMap {
            $0["next_attempts"]?.elements.first?.text
        }
        let last = try #require(due?.max())
        while try await inFolder("date -u +%FT%TZ") < last {
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// Lets every lease in the outbox have ended.
    func endLeases() async throws {
        let script = """
            import sqlite3
            db = sqlite3.connect("outbox.sqlite", timeout=60)
            with db: db.execute("UPDATE deliveries SET lease_until = lease_until - 9999")
            """
        try await runSuccessfully("python3", ["-c", script], workingDirectory: path)
    }

    /// Brings the outbox into the state in which a live run is that was killed before its first attempt.
    func takeUp(_ plan: String, _ run: String, _ review: String, _ ids: [String]) async throws {
        let script = """
            import re, sqlite3, sys
            plan, run, review = (bytes.fromhex(re.search("[0-9a-f]{64}", word)[0]) for word in sys.argv[1:4])
            db = sqlite3.connect("outbox.sqlite", timeout=60)
            with db:
                db.execute("INSERT INTO live_runs VALUES (?, ?, ?, 1800000000, NULL)", (plan, run, review))
                for id in sys.argv[4:]:
                    db.execute("INSERT INTO live_run_deliveries VALUES (?, ?, 2, 1)", (plan, id))
                    db.execute("UPDATE deliveries SET state = 'waiting', reason = NULL, next_attempt = 0, "
                        "deadline = 4000000000, attempt_group = 2, attempts = 0 WHERE id = ?", (id,))
            """
        try await runSuccessfully(
            "python3", ["-c", script, plan, run, review] + ids, workingDirectory: path)
    }

    /// Runs a line of a shell.
    ///
    /// - Returns: What it printed, without the line end.
    @discardableResult
    func inFolder(_ line: String) async throws -> String {
        let output = try await runSuccessfully("sh", ["-c", line], workingDirectory: path)
        return String(decoding: output, as: UTF8.self).split(separator: "\n")
            .joined(separator: "\n")
    }

    /// A plan, a dry run of it, and a second person's approval of that.
    func reviewed() async throws -> (plan: String, run: String, review: String) {
        let plan = try await retry(
            "plan", "--owner", "O. Perator", "--resolve-by", "2099-01-01T00:00:00Z", "--reason",
            "the desk was moved", "--key", "plans.pem")
        let run = try await retry(
            "run", "--plan", plan, "--dry-run", "--route-key", "route.key", "--disclosures", "kept",
            "--key", "plans.pem")
        let review = try await retry("review", run, "--approve", "--key", "reviews.pem")
        return (plan, run, review)
    }
}
