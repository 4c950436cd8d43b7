import CloseoutDelivery
import CloseoutEncodings

/// How a service is, in a few figures that a monitor can act on (docs/delivery.md, "Service").
struct ServiceHealth {
    /// How many seconds a delivery may wait behind its time before it is late.
    private static let patience: Int64 = 60

    /// The routes of which a delivery is late.
    let late: [String]
    /// The routes to which nothing is sent for now.
    let stopped: [String]
    /// How many deliveries were given up.
    let dead: Int
    /// How many deliveries need a person.
    let needingReview: Int
    /// When all bundles were last looked at, and what had ended was recorded, without trouble.
    let lastPass: Instant?
    /// Whether the last pass was without trouble, and the outbox could be read.
    let isPassing: Bool

    /// Judges the state of an outbox; nil for one that cannot be read.
    init(_ routes: [RouteStatus]?, lastPass: Instant?, isPassing: Bool, now: Instant) {
        let all = routes ?? []
        late = all.filter { route in
            route.nextAttempt.flatMap { $0.adding(seconds: Self.patience) }.map { $0 < now }
                ?? false
        }.map(\.route)
        stopped = all.filter { $0.circuit.state != .closed }.map(\.route)
        dead = all.reduce(0) { $0 + ($1.counts[.dead] ?? 0) }
        needingReview = all.reduce(0) { $0 + ($1.counts[.needsReview] ?? 0) }
        self.lastPass = lastPass
        self.isPassing = isPassing && routes != nil
    }

    /// Whether a person has nothing to look after.
    var isGood: Bool {
        isPassing && late.isEmpty && stopped.isEmpty && dead == 0 && needingReview == 0
    }

    /// As a value for canonical JSON.
    var json: JSON {
        [
            "health": JSON(isGood ? "good" : "attention"), "passing": .bool(isPassing),
            "last_pass": lastPass.map { JSON($0.description) } ?? .null,
            "late_routes": .array(late.map { JSON($0) }),
            "stopped_routes": .array(stopped.map { JSON($0) }),
            "dead": .integer(Int64(dead)), "needs_review": .integer(Int64(needingReview)),
        ]
    }
}
