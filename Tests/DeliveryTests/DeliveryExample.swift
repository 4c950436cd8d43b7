import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

/// The example with which the module opens.
@Suite("The example of the module Delivery")
struct DeliveryExample {
    @Test("queueing a delivery and claiming it")
    func example() async throws {
        try await withTemporaryDirectory { place in
            let path = Array("\(place)/outbox".utf8)
            let body = Array(#"{"outcome":"ready_for_release"}"#.utf8)
            let seal = try SHA256Digest.of(body)
            let now = try #require(Instant(parsing: Array("2026-05-01T12:00:00Z".utf8)))

            let outbox = try await Outbox.open(path)
            let event = QueuedEvent(id: "decision-1", kind: "decision", seal: seal, body: body)
            let chat = NewDelivery(
                route: "chat", provider: "slack", isIdempotent: false)
            _ = try await outbox.enqueue(event, deliveries: [chat], now: now)
            let claim = try await outbox.claim(route: "chat", limit: 10, now: now, seconds: 60)
            #expect(claim.leases.count == 1)
            try outbox.close()
        }
    }
}
