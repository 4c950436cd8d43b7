package import CloseoutEncodings

/// The right of one worker to attempt a delivery, until a time.
package struct Lease: Hashable, Sendable {
    /// What the holder shows; nobody else has it.
    package let token: String
    /// When others may take the delivery over.
    package let until: Instant
    /// The id of the delivery, the same in every attempt.
    package let delivery: String
    /// The id of its event.
    package let event: String
    /// What kind of event that is.
    package let eventKind: String
    /// When the delivery was queued.
    package let created: Instant
    /// The name of the route.
    package let route: String
    /// What kind of receiver it is.
    package let provider: String
    /// The event itself, as it was queued.
    package let body: [UInt8]
    /// Whether the receiver recognises a delivery that it has already.
    package let isIdempotent: Bool
    /// Whether it probes a route that is otherwise left alone.
    package let isProbe: Bool
}

extension Lease {
    /// The same lease, until another time.
    package func lasting(until other: Instant) -> Lease {
        Lease(
            token: token, until: other, delivery: delivery, event: event, eventKind: eventKind,
            created: created, route: route, provider: provider, body: body,
            isIdempotent: isIdempotent, isProbe: isProbe)
    }
}

/// What a worker got for a route.
package struct Claim: Hashable, Sendable {
    /// The deliveries that it holds now, those that are due longest first.
    package let leases: [Lease]
    /// What changed on the way.
    package let changes: [OutboxChange]
}

/// An attempt that is written down as begun: its first byte may leave.
package struct BegunAttempt: Hashable, Sendable {
    /// The lease under which it is made.
    package let lease: Lease
    /// Which attempt of the delivery it is, from 1, over all groups.
    package let number: Int
    /// When it began.
    package let began: Instant
}

/// What a finished attempt made of its delivery.
package struct FinishedAttempt: Hashable, Sendable {
    /// The state of the delivery now.
    package let state: DeliveryState
    /// When it is tried again; nil where it is not.
    package let next: Instant?
    /// Whether the attempt does not count, since the receiver asked for a later one.
    package let isSnooze: Bool
    /// What changed with it.
    package let changes: [OutboxChange]
}
