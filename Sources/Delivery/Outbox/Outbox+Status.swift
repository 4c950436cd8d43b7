package import CloseoutEncodings
package import CloseoutOpenSSL
import GRDB

/// One route, as a status lists it.
package struct RouteStatus: Hashable, Sendable {
    /// The name of the route.
    package let route: String
    /// Whether it is used.
    package let circuit: Circuit
    /// The number of deliveries in each state; none is left out.
    package let counts: [DeliveryState: Int]
    /// How many of those that wait or are sent a worker holds.
    package let leased: Int
    /// When the oldest delivery that waits was queued.
    package let oldestWaiting: Instant?
    /// When the next attempt is due.
    package let nextAttempt: Instant?
}

/// One delivery, as a status lists it.
package struct DeliverySummary: Hashable, Sendable {
    /// Its id.
    package let id: String
    /// The id of its event.
    package let event: String
    /// What kind of event that is.
    package let eventKind: String
    /// The digest of the seal of the release.
    package let seal: SHA256Digest
    /// The name of the route.
    package let route: String
    /// What kind of receiver it is.
    package let provider: String
    /// Where it is on its way.
    package let state: DeliveryState
    /// Why it is dead.
    package let reason: DeathReason?
    /// How sure it is that the receiver has it.
    package let assurance: AttemptResult.Assurance?
    /// When it was queued.
    package let created: Instant
    /// When it is tried next, where it waits.
    package let nextAttempt: Instant
    /// When it is given up.
    package let deadline: Instant
    /// Which group of attempts it is in, from 1.
    package let group: Int
    /// How many attempts of the group counted.
    package let attempts: Int
    /// How many did not count.
    package let snoozes: Int
}

/// One attempt, as it is written down.
package struct KeptAttempt: Hashable, Sendable {
    /// Which attempt of its delivery it is, from 1.
    package let number: Int
    /// The group of attempts that it belongs to, from 1.
    package let group: Int
    /// When it began.
    package let began: Instant
    /// When it ended; nil while it has not.
    package let ended: Instant?
    /// Its result; nil while it has not ended.
    package let outcome: AttemptResult.Outcome?
    /// The status that the receiver answered with.
    package let status: Int?
    /// Our code for why.
    package let code: String?
    /// The seconds that the receiver asked for.
    package let retryAfter: Int64?
    /// Whether it does not count.
    package let isSnooze: Bool
    /// The range by which the route's owner allowed the address; nil where none had to, or none was chosen.
    package var allowedBy: AddressRange?
    /// What tells the route from what it may be now; nil where nobody said.
    package var route: SHA256Digest?
}

extension Outbox {
    /// All routes, by name.
    package func routes(now: Instant) async throws(OutboxError) -> [RouteStatus] {
        try await transactions.read { database in
            let groups = try database.rows(
                """
                SELECT route, state, count(*) AS number, min(created) AS oldest,
                    min(next_attempt) AS next, sum(coalesce(lease_until > ?, 0)) AS leased
                FROM deliveries GROUP BY route, state
                """,
                [now.secondsSince1970])
            let byRoute = try Dictionary(grouping: groups) { try $0.text("route") }
            return try database.rows("SELECT * FROM routes ORDER BY name", []).map { row in
                let name = try row.text("name")
                return try RouteStatus(
                    name, circuit: Circuit(row), groups: byRoute[name, default: []])
            }
        }
    }

    /// Deliveries, those queued first first: of one state or all, of one route or all, at most so many.
    package func deliveries(
        in state: DeliveryState? = nil, route: String? = nil, limit: Int
    ) async throws(OutboxError) -> [DeliverySummary] {
        if let route { try checkName(route, .route) }
        return try await transactions.read { database in
            try database.rows(
                summaries + """
                     WHERE (? IS NULL OR d.state = ?) AND (? IS NULL OR d.route = ?)
                    ORDER BY d.created, d.id LIMIT ?
                    """,
                [state?.rawValue, state?.rawValue, route, route, limit]
            ).map { try DeliverySummary($0) }
        }
    }

    /// A delivery; nil where there is none of the id.
    package func delivery(_ id: String) async throws(OutboxError) -> DeliverySummary? {
        guard !id.utf8.contains(0) else { return nil }
        return try await transactions.read { database in
            try database.row(summaries + " WHERE d.id = ?", [id]).map { try DeliverySummary($0) }
        }
    }

    /// The attempts of a delivery, the first first.
    package func attempts(of delivery: String) async throws(OutboxError) -> [KeptAttempt] {
        guard !delivery.utf8.contains(0) else { return [] }
        return try await transactions.read { database in
            try database.rows(
                "SELECT * FROM attempts WHERE delivery = ? ORDER BY number", [delivery]
            ).map { try KeptAttempt($0) }
        }
    }

    /// The changes with a number above one, the first first.
    package func changes(
        after number: Int, limit: Int
    ) async throws(OutboxError) -> [KeptChange] {
        try await transactions.read { database in
            try database.rows(
                "SELECT * FROM changes WHERE number > ? ORDER BY number LIMIT ?", [number, limit]
            ).map { KeptChange(number: try $0.integer("number"), change: try OutboxChange($0)) }
        }
    }

    /// The body of an event, as it was queued; nil where there is none of the id.
    ///
    /// - Throws: `.damaged` where the bytes are others.
    package func body(ofEvent id: String) async throws(OutboxError) -> [UInt8]? {
        guard !id.utf8.contains(0) else { return nil }
        return try await transactions.read { database in
            guard let row = try database.row("SELECT body, sha256 FROM events WHERE id = ?", [id])
            else { return nil }
            let body = try row.bytes("body")
            guard try digest(of: body) == row.digest("sha256") else { throw OutboxError.damaged }
            return body
        }
    }
}

/// Selects deliveries with their events.
let summaries =
    "SELECT d.*, e.kind, e.seal FROM deliveries d JOIN events e ON e.id = d.event"

extension RouteStatus {
    fileprivate init(_ route: String, circuit: Circuit, groups: [FoundRow]) throws {
        var counts = Dictionary(uniqueKeysWithValues: DeliveryState.allCases.map { ($0, 0) })
        var leased = 0
        var (oldest, next): (Instant?, Instant?)
        for group in groups {
            let state: DeliveryState = try group.choice("state")
            counts[state] = try group.integer("number")
            leased += try group.integer("leased")
            guard state == .waiting else { continue }
            oldest = try group.instant("oldest")
            next = try group.instant("next")
        }
        self.route = route
        self.circuit = circuit
        self.counts = counts
        self.leased = leased
        oldestWaiting = oldest
        nextAttempt = next
    }
}

extension DeliverySummary {
    /// Reads a row of `summaries`.
    init(_ row: FoundRow) throws {
        id = try row.text("id")
        event = try row.text("event")
        eventKind = try row.text("kind")
        seal = try row.digest("seal")
        route = try row.text("route")
        provider = try row.text("provider")
        state = try row.choice("state")
        reason = try row.choiceIfPresent("reason")
        assurance = try row.choiceIfPresent("assurance")
        created = try row.instant("created")
        nextAttempt = try row.instant("next_attempt")
        deadline = try row.instant("deadline")
        group = try row.integer("attempt_group")
        attempts = try row.integer("attempts")
        snoozes = try row.integer("snoozes")
    }
}

extension KeptAttempt {
    fileprivate init(_ row: FoundRow) throws {
        number = try row.integer("number")
        group = try row.integer("attempt_group")
        began = try row.instant("began")
        ended = try row.instantIfPresent("ended")
        outcome =
            switch try row.text("outcome") {
            case "success": .success(try row.choice("assurance"))
            case "permanent": .permanent
            case "transient": .transient
            case "unknown_outcome": .unknownOutcome
            case "begun": nil
            default: throw OutboxError.damaged
            }
        status = try row.integerIfPresent("status")
        code = try row.textIfPresent("code")
        retryAfter = try row.integerIfPresent("retry_after").map { Int64($0) }
        isSnooze = try row.flag("snoozed")
        allowedBy = try row.textIfPresent("allowed_by").map { text in
            guard let range = AddressRange(text) else { throw OutboxError.damaged }
            return range
        }
        route = try row.digestIfPresent("route")
    }
}
