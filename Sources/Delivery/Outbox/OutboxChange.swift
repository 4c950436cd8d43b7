package import CloseoutEncodings
import GRDB

/// Something that must not go unnoticed: a circuit that changes, a delivery that is given up or needs a person.
///
/// It is returned to whoever caused it and kept in the outbox, in the transaction that it belongs to, until it has
/// become evidence.
package struct OutboxChange: Hashable, Sendable {
    /// What changed.
    package enum Kind: Hashable, Sendable {
        /// The circuit of the route, and why where it opened.
        case circuit(from: Circuit.State, to: Circuit.State, cause: Circuit.Cause?)
        /// A delivery is dead.
        case dead(delivery: String, DeathReason)
        /// Nobody knows whether the receiver has a delivery, and it must not have it twice.
        case needsReview(delivery: String)
        /// A delivery that was given up begins a new group of attempts.
        case replayed(delivery: String)
    }

    /// When it changed.
    package let at: Instant
    /// The route.
    package let route: String
    /// What changed.
    package let kind: Kind

    package init(at: Instant, route: String, kind: Kind) {
        self.at = at
        self.route = route
        self.kind = kind
    }
}

/// A change as the outbox keeps it.
package struct KeptChange: Hashable, Sendable {
    /// Its number, larger than that of every earlier one.
    package let number: Int
    /// What changed.
    package let change: OutboxChange

    package init(number: Int, change: OutboxChange) {
        self.number = number
        self.change = change
    }
}

extension OutboxChange {
    /// Keeps the change.
    func keep(in database: Database) throws {
        let columns: [String?] =
            switch kind {
            case .circuit(let from, let to, let cause):
                [nil, "circuit", from.rawValue, to.rawValue, cause?.rawValue]
            case .dead(let delivery, let reason): [delivery, "dead", nil, nil, reason.rawValue]
            case .needsReview(let delivery): [delivery, "needs_review", nil, nil, nil]
            case .replayed(let delivery): [delivery, "replayed", nil, nil, nil]
            }
        try database.run(
            """
            INSERT INTO changes (at, route, delivery, change, before, after, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [at.secondsSince1970, route] + columns.map { $0 as Bound })
    }

    init(_ row: FoundRow) throws {
        at = try row.instant("at")
        route = try row.text("route")
        switch try row.text("change") {
        case "circuit":
            kind = .circuit(
                from: try row.choice("before"), to: try row.choice("after"),
                cause: try row.choiceIfPresent("reason"))
        case "dead": kind = .dead(delivery: try row.text("delivery"), try row.choice("reason"))
        case "needs_review": kind = .needsReview(delivery: try row.text("delivery"))
        case "replayed": kind = .replayed(delivery: try row.text("delivery"))
        default: throw OutboxError.damaged
        }
    }
}
