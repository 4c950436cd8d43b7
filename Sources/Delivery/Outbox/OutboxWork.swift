import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound
import CloseoutRecords
import GRDB

/// The steps that the transactions of an outbox share.
struct OutboxWork {
    let now: Instant
    let schedule: RetrySchedule
    let database: Database

    /// Ends the attempts that a worker left behind whose lease has ended: nobody knows their outcome.
    ///
    /// The circuit takes no notice, since the route is not at fault. Without a route, it is done for all.
    func recover(_ route: String?) throws -> (attempts: Int, changes: [OutboxChange]) {
        let lost = """
            SELECT d.*, e.seal, a.number, a.began
            FROM deliveries d JOIN events e ON e.id = d.event
                JOIN attempts a ON a.delivery = d.id AND a.outcome = 'begun'
            WHERE d.state = 'sending' AND d.lease_until <= ?
            """
        let seconds = now.secondsSince1970
        let rows =
            if let route {
                try database.rows(lost + " AND d.route = ?", [seconds, route])
            } else {
                try database.rows(lost, [seconds])
            }
        let result = AttemptResult(.unknownOutcome, code: "interrupted")
        var changes: [OutboxChange] = []
        for row in rows { changes += try settle(row, result).changes }
        return (rows.count, changes)
    }

    /// Writes down the result of an attempt and what it makes of its delivery.
    ///
    /// The row has the delivery, the seal of its event, and number and beginning of the attempt.
    func settle(
        _ row: FoundRow, _ result: AttemptResult, allowedBy range: AddressRange? = nil
    ) throws -> FinishedAttempt {
        let id = try row.text("id")
        let attempt = FailedAttempt(
            delivery: id, seal: try row.digest("seal"), attempts: try row.integer("attempts"),
            snoozes: try row.integer("snoozes"), began: try row.instant("began"), ended: now,
            retryAfter: result.retryAfter, deadline: try row.instant("deadline"))
        let end = try schedule.settlement(
            of: attempt, result, isIdempotent: try row.flag("idempotent"))
        try database.run(
            """
            UPDATE attempts SET ended = ?, outcome = ?, assurance = ?, status = ?, code = ?,
                retry_after = ?, snoozed = ?, allowed_by = ?
            WHERE delivery = ? AND number = ?
            """,
            [
                max(now, try row.instant("began")).secondsSince1970, result.outcome.name,
                result.outcome.assurance?.rawValue,
                result.status, result.code, result.retryAfter, end.isSnooze ? 1 : 0,
                range?.description, id, try row.integer("number"),
            ])
        try database.run(
            """
            UPDATE deliveries SET state = ?, reason = ?, assurance = ?,
                next_attempt = coalesce(?, next_attempt), attempts = attempts + ?,
                snoozes = snoozes + ?, lease = NULL, lease_until = NULL
            WHERE id = ?
            """,
            [
                end.state.rawValue, end.reason?.rawValue, result.outcome.assurance?.rawValue,
                end.next?.secondsSince1970, end.isSnooze ? 0 : 1, end.isSnooze ? 1 : 0, id,
            ])
        var changes: [OutboxChange] = []
        if let kind = end.kind(delivery: id) {
            changes.append(OutboxChange(at: now, route: try row.text("route"), kind: kind))
        }
        for change in changes { try change.keep(in: database) }
        return FinishedAttempt(
            state: end.state, next: end.next, isSnooze: end.isSnooze, changes: changes)
    }

    /// Gives up a delivery that waits.
    func die(_ delivery: String, on route: String, _ reason: DeathReason) throws -> OutboxChange {
        try database.run(
            """
            UPDATE deliveries SET state = 'dead', reason = ?, lease = NULL, lease_until = NULL
            WHERE id = ?
            """,
            [reason.rawValue, delivery])
        let change = OutboxChange(
            at: now, route: route, kind: .dead(delivery: delivery, reason))
        try change.keep(in: database)
        return change
    }
}
