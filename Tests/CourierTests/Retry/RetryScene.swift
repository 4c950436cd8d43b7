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
    func live(
        _ plan: String, _ run: String, _ review: String, key: String = "plans.pem",
        status: Int32 = 0
    ) async throws {
        while true {
            let result = try await courier(
                "retry", "run", "p-1.closeout", "--live", "--plan", plan, "--run", run, "--review",
                review, "--route-key", "route.key", "--disclosures", "kept", "--key", key)
            if result.stderrText.contains("is not due before") {
                try await Task.sleep(for: .seconds(1))
                continue
            }
            #expect(result.status == status, "\(result.stderrText)")
            return
        }
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
