package import CloseoutEncodings
package import CloseoutOpenSSL
import CloseoutRecords
import GRDB

extension Outbox {
    /// Writes down that an attempt begins: only then may its first byte leave.
    ///
    /// Where the clock was put back it begins no earlier than the one before it.
    ///
    /// - Parameters:
    ///   - lease: The right to make it.
    ///   - route: What tells the route from what it may be later; see `ReadyRoute.fingerprint()`.
    ///   - now: The present time.
    /// - Returns: The attempt.
    /// - Throws: `.leaseLost` where the lease has ended or an attempt was begun under it, `.circuitOpen` where the
    ///   route's circuit opened after the claim: the lease is to be given back then.
    package func begin(
        _ lease: Lease, over route: SHA256Digest? = nil, now: Instant
    ) async throws(OutboxError) -> BegunAttempt {
        let schedule = schedule
        return try await transactions.write { database in
            try OutboxWork(now: now, schedule: schedule, database: database)
                .begin(lease, over: route)
        }
    }

    /// Writes down the result of an attempt, and what it makes of its delivery and of the route.
    ///
    /// It counts also when the lease has ended meanwhile, as long as nobody took the delivery over.
    ///
    /// - Parameters:
    ///   - attempt: The attempt, as it was begun.
    ///   - result: What it came to.
    ///   - range: The range by which the route's owner allowed the address; nil where none had to.
    ///   - now: The present time.
    /// - Returns: What it makes of the delivery.
    /// - Throws: `.leaseLost` where somebody did: the attempt is recorded as of unknown outcome then.
    @discardableResult
    package func finish(
        _ attempt: BegunAttempt, _ result: AttemptResult, allowedBy range: AddressRange? = nil,
        now: Instant
    ) async throws(OutboxError) -> FinishedAttempt {
        try checkCode(result.code)
        let schedule = schedule
        return try await transactions.write { database in
            try OutboxWork(now: now, schedule: schedule, database: database)
                .finish(attempt, result, allowedBy: range).finished
        }
    }

    /// Writes down the result of an attempt and, with it, that another one begins: one wait for the disk serves both.
    ///
    /// - Parameters:
    ///   - attempt: The attempt that has ended, as it was begun.
    ///   - result: What it came to.
    ///   - range: The range by which the route's owner allowed the address; nil where none had to.
    ///   - next: The right to make the other one.
    ///   - route: What tells the route of that from what it may be later.
    ///   - now: The present time.
    /// - Returns: What it makes of the delivery, and the attempt that has begun, or as which error of
    ///   ``begin(_:over:now:)`` it has not.
    /// - Throws: As ``finish(_:_:allowedBy:now:)``; the other one has not begun then.
    package func finish(
        _ attempt: BegunAttempt, _ result: AttemptResult, allowedBy range: AddressRange?,
        thenBegin next: Lease, over route: SHA256Digest?, now: Instant
    ) async throws(OutboxError) -> (FinishedAttempt, Result<BegunAttempt, OutboxError>) {
        try checkCode(result.code)
        let schedule = schedule
        return try await transactions.write { database in
            let work = OutboxWork(now: now, schedule: schedule, database: database)
            let (finished, circuit) = try work.finish(attempt, result, allowedBy: range)
            let known = next.route == attempt.lease.route ? circuit : nil
            do {
                return (finished, .success(try work.begin(next, over: route, known)))
            } catch let error as OutboxError where error == .leaseLost || error == .circuitOpen {
                return (finished, .failure(error))
            }
        }
    }

    /// Ends the attempts whose worker died: those that were begun under a lease that has ended.
    ///
    /// Their outcome is unknown. ``claim(route:limit:now:seconds:)`` does the same for its route.
    package func recover(now: Instant) async throws(OutboxError) -> Recovery {
        let schedule = schedule
        return try await transactions.write { database in
            let work = OutboxWork(now: now, schedule: schedule, database: database)
            let (attempts, changes) = try work.recover(nil)
            return Recovery(attempts: attempts, changes: changes)
        }
    }

    /// Sends a delivery again that was given up or needs a person: a new group of attempts, with the same id and bytes.
    ///
    /// - Throws: `.unknownDelivery`, or `.notReplayable` in any other state.
    package func replay(
        _ delivery: String, now: Instant
    ) async throws(OutboxError) -> OutboxChange {
        guard !delivery.utf8.contains(0) else { throw .unknownDelivery }
        let schedule = schedule
        return try await transactions.write { database in
            try OutboxWork(now: now, schedule: schedule, database: database).replay(delivery)
        }
    }
}

extension OutboxWork {
    /// Begins an attempt.
    ///
    /// Where it throws that it may not, nothing was written. The circuit is that of its route, where it was just read.
    fileprivate func begin(
        _ lease: Lease, over route: SHA256Digest?, _ known: Circuit? = nil
    ) throws -> BegunAttempt {
        guard let circuit = try known ?? Circuit.load(lease.route, from: database) else {
            throw OutboxError.leaseLost
        }
        guard circuit.admits(lease: lease.token) else { throw OutboxError.circuitOpen }
        let taken = try database.run(
            """
            UPDATE deliveries SET state = 'sending'
            WHERE id = ? AND lease = ? AND lease_until > ? AND state = 'waiting'
            """,
            [lease.delivery, lease.token, now.secondsSince1970])
        guard taken == 1 else { throw OutboxError.leaseLost }
        let row = try database.row(
            """
            INSERT INTO attempts (delivery, number, attempt_group, began, outcome, route)
            SELECT id,
                (SELECT coalesce(max(number), 0) + 1 FROM attempts WHERE delivery = d.id),
                attempt_group,
                max(?, (SELECT coalesce(max(began), ?) FROM attempts WHERE delivery = d.id)),
                'begun', ?
            FROM deliveries d WHERE id = ?
            RETURNING number, began
            """,
            [
                now.secondsSince1970, now.secondsSince1970,
                route.map { blob($0.bytes) } ?? nil, lease.delivery,
            ])
        guard let row else { throw OutboxError.leaseLost }
        return BegunAttempt(
            lease: lease, number: try row.integer("number"), began: try row.instant("began"))
    }

    /// Ends an attempt; the circuit is that of its route afterwards.
    fileprivate func finish(
        _ attempt: BegunAttempt, _ result: AttemptResult, allowedBy range: AddressRange?
    ) throws -> (finished: FinishedAttempt, circuit: Circuit) {
        let route = attempt.lease.route
        guard let old = try Circuit.load(route, from: database) else { throw OutboxError.leaseLost }
        let settled = try succeed(attempt, result, allowedBy: range)
        let finished = try settled ?? fail(attempt, result, allowedBy: range)
        var circuit = old
        circuit.record(result, lease: attempt.lease.token, now: now)
        let changes = try circuit.keep(route, was: old, now: now, in: database)
        return (
            FinishedAttempt(
                state: finished.state, next: finished.next, isSnooze: finished.isSnooze,
                changes: finished.changes + changes), circuit
        )
    }

    /// Settles the delivery of an attempt that succeeded, for which nothing else of it matters; nil for another result.
    private func succeed(
        _ attempt: BegunAttempt, _ result: AttemptResult, allowedBy range: AddressRange?
    ) throws -> FinishedAttempt? {
        guard case .success(let assurance) = result.outcome else { return nil }
        let settled = try database.run(
            """
            UPDATE deliveries SET state = 'settled', reason = NULL, assurance = ?,
                attempts = attempts + 1, lease = NULL, lease_until = NULL
            WHERE id = ? AND lease = ? AND state = 'sending'
            """,
            [assurance.rawValue, attempt.lease.delivery, attempt.lease.token])
        guard settled == 1 else { throw OutboxError.leaseLost }
        let ended = try database.run(
            """
            UPDATE attempts SET ended = max(?, began), outcome = ?, assurance = ?, status = ?, code = ?,
                retry_after = ?, snoozed = 0, allowed_by = ?
            WHERE delivery = ? AND number = ? AND outcome = 'begun'
            """,
            [
                now.secondsSince1970, result.outcome.name, assurance.rawValue, result.status,
                result.code, result.retryAfter, range?.description, attempt.lease.delivery,
                attempt.number,
            ])
        guard ended == 1 else { throw OutboxError.leaseLost }
        return FinishedAttempt(state: .settled, next: nil, isSnooze: false, changes: [])
    }

    private func fail(
        _ attempt: BegunAttempt, _ result: AttemptResult, allowedBy range: AddressRange?
    ) throws -> FinishedAttempt {
        let row = try database.row(
            """
            SELECT d.id, d.route, d.attempts, d.snoozes, d.deadline, d.idempotent, e.seal, a.number,
                a.began
            FROM deliveries d JOIN events e ON e.id = d.event
                JOIN attempts a ON a.delivery = d.id AND a.outcome = 'begun'
            WHERE d.id = ? AND d.lease = ? AND d.state = 'sending' AND a.number = ?
            """,
            [attempt.lease.delivery, attempt.lease.token, attempt.number])
        guard let row else { throw OutboxError.leaseLost }
        return try settle(row, result, allowedBy: range)
    }

    /// Begins a new group of attempts.
    func replay(_ delivery: String) throws -> OutboxChange {
        guard
            let row = try database.row(
                "SELECT route, state FROM deliveries WHERE id = ?", [delivery])
        else { throw OutboxError.unknownDelivery }
        let state: DeliveryState = try row.choice("state")
        guard state == .dead || state == .needsReview else {
            throw OutboxError.notReplayable(state)
        }
        try database.run(
            """
            UPDATE deliveries SET state = 'waiting', reason = NULL, next_attempt = ?,
                deadline = ?, attempt_group = attempt_group + 1, attempts = 0, snoozes = 0
            WHERE id = ?
            """,
            [
                now.secondsSince1970, now.later(by: schedule.deadline).secondsSince1970, delivery,
            ])
        let change = OutboxChange(
            at: now, route: try row.text("route"), kind: .replayed(delivery: delivery))
        try change.keep(in: database)
        return change
    }
}

/// What was found of workers that died.
package struct Recovery: Hashable, Sendable {
    /// How many attempts they had begun.
    package let attempts: Int
    /// What changed with them.
    package let changes: [OutboxChange]
}
