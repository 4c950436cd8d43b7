package import CloseoutEncodings
import CloseoutOpenSSL
import GRDB

extension Outbox {
    /// Takes deliveries of a route that are due, so that nobody else does until the lease ends.
    ///
    /// First, what a worker left behind whose lease has ended is recovered, and what is past its deadline is given up.
    /// A route whose circuit is open gives nothing; then one delivery at a time probes it.
    ///
    /// - Parameters:
    ///   - route: The name of the route.
    ///   - names: The ids of the only deliveries that may be taken, as a live run names them; nil for all.
    ///   - limit: The most deliveries.
    ///   - now: The present time.
    ///   - seconds: How long the lease lasts: longer than an attempt, or ``renew(_:now:seconds:)`` it.
    /// - Returns: What the worker holds now, and what changed on the way.
    /// - Throws: `OutboxError` where nothing could be taken.
    package func claim(
        route: String, only names: [String]? = nil, limit: Int, now: Instant, seconds: Int64
    ) async throws(OutboxError) -> Claim {
        try checkName(route, .route)
        for name in names ?? [] { try checkName(name, .delivery) }
        let token = try newToken()
        let schedule = schedule
        return try await transactions.write { database in
            let work = OutboxWork(now: now, schedule: schedule, database: database)
            var changes = try work.recover(route).changes
            changes += try work.expire(route)
            guard var circuit = try Circuit.load(route, from: database) else {
                return Claim(leases: [], changes: changes)
            }
            let old = circuit
            let isProbing = try circuit.probe.map { try work.isHeld(lease: $0) } ?? false
            let admission = circuit.admission(now: now, isProbing: isProbing)
            let most =
                switch admission {
                case .all: limit
                case .one: min(limit, 1)
                case .none: 0
                }
            let (leases, damaged) = try work.lease(
                route, only: names, atMost: most, token: token,
                until: now.later(by: seconds), isProbe: admission == .one)
            changes += damaged
            if admission == .one, !leases.isEmpty { circuit.beginProbe(lease: token) }
            changes += try circuit.keep(route, was: old, now: now, in: database)
            return Claim(leases: leases, changes: changes)
        }
    }

    /// Makes a lease last longer, before or during an attempt.
    ///
    /// - Throws: `.leaseLost` where it has ended.
    package func renew(
        _ lease: Lease, now: Instant, seconds: Int64
    ) async throws(OutboxError) -> Lease {
        let until = now.later(by: seconds)
        try await transactions.write { database in
            let renewed = try database.run(
                "UPDATE deliveries SET lease_until = ? WHERE id = ? AND lease = ? AND lease_until > ?",
                [until.secondsSince1970, lease.delivery, lease.token, now.secondsSince1970])
            guard renewed == 1 else { throw OutboxError.leaseLost }
        }
        return lease.lasting(until: until)
    }

    /// Gives back a delivery of which no attempt was begun, as a worker does that stops.
    ///
    /// Where the lease has ended or an attempt was begun nothing happens.
    package func release(_ lease: Lease) async throws(OutboxError) {
        try await transactions.write { database in
            try database.run(
                """
                UPDATE deliveries SET lease = NULL, lease_until = NULL
                WHERE id = ? AND lease = ? AND state = 'waiting'
                """,
                [lease.delivery, lease.token])
        }
    }

    private func newToken() throws(OutboxError) -> String {
        do { return Hex.string(try randomBytes(16)) } catch { throw .libcrypto }
    }
}

/// Names as a list in JSON: they are checked, and have nothing that JSON escapes.
func jsonList(_ names: [String]) -> String {
    "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
}

extension OutboxWork {
    /// Whether a delivery is held by a lease that has not ended.
    func isHeld(lease: String) throws -> Bool {
        try database.row(
            "SELECT 1 FROM deliveries WHERE lease = ? AND lease_until > ? LIMIT 1",
            [lease, now.secondsSince1970]) != nil
    }

    /// Gives up what is past its deadline.
    ///
    /// What was never tried in its group gets its attempt, however late.
    func expire(_ route: String) throws -> [OutboxChange] {
        let rows = try database.rows(
            """
            SELECT id FROM deliveries
            WHERE route = ? AND state = 'waiting' AND deadline < ? AND attempts + snoozes > 0
                AND (lease_until IS NULL OR lease_until <= ?)
            """,
            [route, now.secondsSince1970, now.secondsSince1970])
        return try rows.map { try die(try $0.text("id"), on: route, .deadline) }
    }

    /// Takes what is due, up to a number.
    func lease(
        _ route: String, only names: [String]?, atMost most: Int, token: String, until: Instant,
        isProbe: Bool
    ) throws -> (leases: [Lease], changes: [OutboxChange]) {
        guard most > 0 else { return ([], []) }
        let due = """
            SELECT d.*, e.kind, e.body, e.sha256 FROM deliveries d JOIN events e ON e.id = d.event
            WHERE d.route = ? AND d.state = 'waiting' AND d.next_attempt <= ?
                AND (d.lease_until IS NULL OR d.lease_until <= ?)
            """
        let order = " ORDER BY d.next_attempt, d.id LIMIT ?"
        let seconds = now.secondsSince1970
        let rows =
            if let names {
                try database.rows(
                    due + " AND d.id IN (SELECT value FROM json_each(?))" + order,
                    [route, seconds, seconds, jsonList(names), most])
            } else {
                try database.rows(due + order, [route, seconds, seconds, most])
            }
        var (leases, changes): ([Lease], [OutboxChange]) = ([], [])
        for row in rows {
            let lease = try Lease(row, token: token, until: until, isProbe: isProbe)
            guard try digest(of: lease.body) == row.digest("sha256") else {
                changes.append(try die(lease.delivery, on: route, .damaged))
                continue
            }
            try database.run(
                "UPDATE deliveries SET lease = ?, lease_until = ? WHERE id = ?",
                [token, until.secondsSince1970, lease.delivery])
            leases.append(lease)
        }
        return (leases, changes)
    }
}

extension Lease {
    fileprivate init(_ row: FoundRow, token: String, until: Instant, isProbe: Bool) throws {
        self.token = token
        self.until = until
        self.isProbe = isProbe
        delivery = try row.text("id")
        event = try row.text("event")
        eventKind = try row.text("kind")
        created = try row.instant("created")
        route = try row.text("route")
        provider = try row.text("provider")
        body = try row.bytes("body")
        isIdempotent = try row.flag("idempotent")
    }
}
