// What leaves the house: decisions and retention alerts, delivered to the systems that people watch.
//
// A route says where a delivery goes and how its receiver is spoken to (Routes, Providers; docs/routes.md). What is to
// be delivered is queued in one file that outlives the process (Outbox; docs/outbox.md). An attempt is written down
// before its first byte leaves, and its result afterwards. A dispatcher sends what is due, over all routes at once
// (Sending; docs/delivery.md).
//
// Example (run by Tests/DeliveryTests/DeliveryExample.swift):
//
//     let outbox = try await Outbox.open(path)
//     let event = QueuedEvent(id: "decision-1", kind: "decision", seal: seal, body: body)
//     let chat = NewDelivery(
//         route: "chat", provider: "slack", isIdempotent: false)
//     _ = try await outbox.enqueue(event, deliveries: [chat], now: now)
//     let claim = try await outbox.claim(route: "chat", limit: 10, now: now, seconds: 60)
