package import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import GRDB

extension Outbox {
    /// Queues an event with all its deliveries, or nothing.
    ///
    /// What is queued already, by event and route, is left as it is: asking again makes no second delivery. The first
    /// attempt is due at once.
    ///
    /// - Throws: `.refused` for a name or bytes that are not allowed, `.eventDiffers` where another event has the id.
    @discardableResult
    package func enqueue(
        _ event: QueuedEvent, deliveries: [NewDelivery], now: Instant
    ) async throws(OutboxError) -> QueueingResult {
        try event.check()
        var rows: [NewRow] = []
        for delivery in deliveries {
            try delivery.check()
            rows.append(
                NewRow(
                    id: try Outbox.deliveryID(event: event.id, route: delivery.route),
                    delivery: delivery))
        }
        let body = try digest(of: event.body)
        let deadline = now.later(by: schedule.deadline)
        return try await transactions.write { [rows] database in
            try keep(event, digest: body, now: now, in: database)
            var (added, existing): ([String], [String]) = ([], [])
            for row in rows {
                if try keep(row, of: event, now: now, deadline: deadline, in: database) {
                    added.append(row.id)
                } else {
                    existing.append(row.id)
                }
            }
            return QueueingResult(added: added, existing: existing)
        }
    }
}

private struct NewRow: Sendable {
    let id: String
    let delivery: NewDelivery
}

/// The digest of bytes that are queued.
func digest(of bytes: [UInt8]) throws(OutboxError) -> SHA256Digest {
    do { return try SHA256Digest.of(bytes) } catch { throw .libcrypto }
}

private func keep(
    _ event: QueuedEvent, digest: SHA256Digest, now: Instant, in database: Database
) throws {
    let added = try database.run(
        """
        INSERT INTO events (id, kind, seal, body, sha256, created) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """,
        [
            event.id, event.kind, blob(event.seal.bytes), blob(event.body), blob(digest.bytes),
            now.secondsSince1970,
        ])
    guard added == 0 else { return }
    guard
        let row = try database.row(
            "SELECT kind, seal, sha256 FROM events WHERE id = ?", [event.id]),
        try row.text("kind") == event.kind, try row.digest("seal") == event.seal,
        try row.digest("sha256") == digest
    else { throw OutboxError.eventDiffers }
}

/// - Returns: Whether it is new.
private func keep(
    _ row: NewRow, of event: QueuedEvent, now: Instant, deadline: Instant, in database: Database
) throws -> Bool {
    let delivery = row.delivery
    try database.run(
        "INSERT INTO routes (name) VALUES (?) ON CONFLICT DO NOTHING", [delivery.route])
    let added = try database.run(
        """
        INSERT INTO deliveries (id, event, route, provider, idempotent, state, created,
            next_attempt, deadline)
        VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        [
            row.id, event.id, delivery.route, delivery.provider, delivery.isIdempotent ? 1 : 0,
            now.secondsSince1970, now.secondsSince1970, deadline.secondsSince1970,
        ])
    return added > 0
}
