package import CloseoutEncodings
package import CloseoutOpenSSL
import CloseoutRecords
import GRDB

/// A live run of a retry plan: the digests of what allows it.
package struct LiveRunNames: Hashable, Sendable {
    /// The plan.
    package let plan: SHA256Digest
    /// The dry run of it.
    package let dryRun: SHA256Digest
    /// The review of that.
    package let review: SHA256Digest

    package init(plan: SHA256Digest, dryRun: SHA256Digest, review: SHA256Digest) {
        self.plan = plan
        self.dryRun = dryRun
        self.review = review
    }
}

/// A live run as the outbox remembers it, also where the bundle does not.
package struct KeptLiveRun: Hashable, Sendable {
    /// One delivery that it has taken up.
    package struct Retry: Hashable, Sendable {
        /// The group of its attempts.
        package let group: Int
        /// The number of the last attempt before the run; 0 where there was none.
        package let before: Int
    }

    /// What allowed it.
    package let names: LiveRunNames
    /// When it began.
    package let began: Instant
    /// When the bundle had a record of it; nil where it was cut off before.
    package let recorded: Instant?
    /// What it has taken up, by the ids of the deliveries.
    package let retries: [String: Retry]
}

extension Outbox {
    /// The live run that used a plan or a review; nil where none did.
    package func liveRun(
        using names: LiveRunNames
    ) async throws(OutboxError) -> KeptLiveRun? {
        try await transactions.read { try KeptLiveRun.load(names, from: $0) }
    }

    /// Remembers a live run before anything of it is sent, or takes one up again that was cut off.
    ///
    /// - Throws: `.runUsed` where another live run used the plan or the review, or this one is on record.
    package func beginLiveRun(_ names: LiveRunNames, now: Instant) async throws(OutboxError) {
        try await transactions.write { database in
            guard let kept = try KeptLiveRun.load(names, from: database) else {
                try database.run(
                    "INSERT INTO live_runs (plan, dry_run, review, began) VALUES (?, ?, ?, ?)",
                    [
                        blob(names.plan.bytes), blob(names.dryRun.bytes), blob(names.review.bytes),
                        now.secondsSince1970,
                    ])
                return
            }
            guard kept.names == names, kept.recorded == nil else { throw OutboxError.runUsed }
        }
    }

    /// Lets a live run take up a delivery, once: what was given up or needs a person begins a new group of attempts,
    /// and all else goes on as it is.
    ///
    /// - Parameters:
    ///   - delivery: The id of the delivery.
    ///   - plan: The plan of a run that has begun.
    ///   - now: The present time.
    /// - Returns: Which attempts belong to the run.
    /// - Throws: `.unknownDelivery`; nothing is done then.
    package func retry(
        _ delivery: String, byPlan plan: SHA256Digest, now: Instant
    ) async throws(OutboxError) -> KeptLiveRun.Retry {
        guard !delivery.utf8.contains(0) else { throw .unknownDelivery }
        let schedule = schedule
        return try await transactions.write { database in
            let known = try database.row(
                "SELECT * FROM live_run_deliveries WHERE plan = ? AND delivery = ?",
                [blob(plan.bytes), delivery])
            if let known { return try KeptLiveRun.Retry(known) }
            let row = try database.row(
                """
                SELECT d.state, d.attempt_group, coalesce(max(a.number), 0) AS attempts_before
                FROM deliveries d LEFT JOIN attempts a ON a.delivery = d.id
                WHERE d.id = ? GROUP BY d.id
                """,
                [delivery])
            guard let row else { throw OutboxError.unknownDelivery }
            let state: DeliveryState = try row.choice("state")
            var retry = try KeptLiveRun.Retry(row)
            if state == .dead || state == .needsReview {
                let work = OutboxWork(now: now, schedule: schedule, database: database)
                _ = try work.replay(delivery)
                retry = KeptLiveRun.Retry(group: retry.group + 1, before: retry.before)
            }
            try database.run(
                """
                INSERT INTO live_run_deliveries (plan, delivery, attempt_group, attempts_before)
                VALUES (?, ?, ?, ?)
                """,
                [blob(plan.bytes), delivery, retry.group, retry.before])
            return retry
        }
    }

    /// Remembers that the bundle has the record of a live run: it is never taken up again.
    package func endLiveRun(ofPlan plan: SHA256Digest, now: Instant) async throws(OutboxError) {
        try await transactions.write { database in
            try database.run(
                "UPDATE live_runs SET recorded = ? WHERE plan = ? AND recorded IS NULL",
                [now.secondsSince1970, blob(plan.bytes)])
        }
    }

    /// Until when workers hold some of these deliveries; nil where nobody holds one.
    package func held(
        _ deliveries: [String], now: Instant
    ) async throws(OutboxError) -> Instant? {
        for name in deliveries { try checkName(name, .delivery) }
        return try await transactions.read { database in
            try database.row(
                """
                SELECT max(lease_until) AS last FROM deliveries
                WHERE lease_until > ? AND id IN (SELECT value FROM json_each(?))
                """,
                [now.secondsSince1970, jsonList(deliveries)])?.instantIfPresent("last")
        }
    }
}

extension KeptLiveRun {
    fileprivate static func load(
        _ names: LiveRunNames, from database: Database
    ) throws -> KeptLiveRun? {
        let row = try database.row(
            "SELECT * FROM live_runs WHERE plan = ? OR review = ? ORDER BY plan = ? DESC LIMIT 1",
            [blob(names.plan.bytes), blob(names.review.bytes), blob(names.plan.bytes)])
        guard let row else { return nil }
        let plan = try row.digest("plan")
        var retries: [String: Retry] = [:]
        for row in try database.rows(
            "SELECT * FROM live_run_deliveries WHERE plan = ?", [blob(plan.bytes)])
        {
            retries[try row.text("delivery")] = try Retry(row)
        }
        return KeptLiveRun(
            names: LiveRunNames(
                plan: plan, dryRun: try row.digest("dry_run"), review: try row.digest("review")),
            began: try row.instant("began"), recorded: try row.instantIfPresent("recorded"),
            retries: retries)
    }
}

extension KeptLiveRun.Retry {
    fileprivate init(_ row: FoundRow) throws {
        group = try row.integer("attempt_group")
        before = try row.integer("attempts_before")
    }
}
