package import CloseoutEncodings
import GRDB

extension Outbox {
    /// When a route may have something to claim, as far as the outbox knows.
    ///
    /// - Parameters:
    ///   - route: The name of the route.
    ///   - names: The ids of the only deliveries that count; nil for all.
    /// - Returns: nil where nothing waits.
    /// - Throws: `OutboxError` where it cannot be read.
    package func nextDue(
        route: String, only names: [String]? = nil
    ) async throws(OutboxError) -> Instant? {
        try checkName(route, .route)
        for name in names ?? [] { try checkName(name, .delivery) }
        return try await transactions.read { database in
            let row = try database.row(
                """
                SELECT min(max(CASE state WHEN 'waiting' THEN next_attempt ELSE 0 END,
                    coalesce(lease_until, 0))) AS next
                FROM deliveries WHERE route = ? AND state IN ('waiting', 'sending')
                    AND (? IS NULL OR id IN (SELECT value FROM json_each(?)))
                """,
                [route, names.map(jsonList), names.map(jsonList)])
            guard let next = try row?.instantIfPresent("next"),
                let circuit = try Circuit.load(route, from: database)
            else { return nil }
            return circuit.state == .open ? max(next, circuit.reopens ?? next) : next
        }
    }
}
