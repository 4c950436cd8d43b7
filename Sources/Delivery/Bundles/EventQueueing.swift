package import CloseoutEncodings

/// The result of queueing an event.
package struct QueuedDeliveries: Hashable, Sendable {
    /// The event as it is sent: in the words in which it was queued first.
    package let event: DeliveryEvent
    /// The ids of the deliveries that are new, and of those that were there.
    package let result: QueueingResult
    /// The routes that ask for such events and cannot get any, since they answer requests only.
    package let skipped: [String]
}

extension Outbox {
    /// Queues an event for all routes that ask for it, in one transaction.
    ///
    /// An event that is queued already keeps its words, so that a route that is new gets the same as the others.
    ///
    /// - Throws: `OutboxError`; nothing is queued then.
    package func enqueue(
        _ event: DeliveryEvent, for routes: Routes, now: Instant
    ) async throws(OutboxError) -> QueuedDeliveries {
        try await enqueue(event, on: routes.receiving(event.kind), now: now)
    }

    /// Queues an event for some routes, in one transaction.
    ///
    /// - Throws: `OutboxError`; nothing is queued then.
    package func enqueue(
        _ event: DeliveryEvent, on routes: [Route], now: Instant
    ) async throws(OutboxError) -> QueuedDeliveries {
        var event = event
        if let body = try await body(ofEvent: event.id) {
            guard let stored = try? DeliveryEvent(stored: body), stored.kind == event.kind,
                stored.bundle == event.bundle
            else { throw .eventDiffers }
            event = stored
        }
        let stored = event.stored
        let receiving = routes.filter { $0.provider != .githubGate }
        let result = try await enqueue(
            QueuedEvent(
                id: event.id, kind: event.kind.rawValue, seal: event.bundle, body: stored),
            deliveries: receiving.map { route in
                NewDelivery(
                    route: route.name, provider: route.provider.rawValue,
                    isIdempotent: route.provider.repetition.mayRepeatUnknown)
            }, now: now)
        return QueuedDeliveries(
            event: event, result: result,
            skipped: routes.filter { $0.provider == .githubGate }.map(\.name))
    }
}
