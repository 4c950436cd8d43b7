import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Queueing deliveries")
struct QueueingTests {
    @Test("keeps an event and all its deliveries, each due at once, with the bytes that were given")
    func whole() async throws {
        try await withOutbox { outbox, place in
            let body = "a\0b\u{FFFD}\n"
            let result = try await outbox.enqueue(
                event(body: body), deliveries: [newDelivery("chat"), newDelivery("desk")],
                now: at(5))
            #expect(result.added.count == 2 && result.existing == [])
            let other = try await place.open()
            let lease = try await other.claimOne(now: at(5))
            #expect(lease.body == Array(body.utf8))
            #expect(lease.delivery == result.added[0] && lease.eventKind == "decision")
            #expect(try lease.created == at(5))
            #expect(try await other.body(ofEvent: "decision-1") == Array(body.utf8))
            #expect(try await other.body(ofEvent: "decision-2") == nil)
            let summary = try #require(try await other.delivery(result.added[1]))
            #expect(try summary.nextAttempt == at(5) && summary.deadline == at(5 + 72 * 3600))
            try other.close()
        }
    }

    @Test("makes no second delivery of the same event on the same route")
    func again() async throws {
        try await withOutbox { outbox, _ in
            let first = try await outbox.enqueue(event(), deliveries: [newDelivery()], now: at(0))
            let second = try await outbox.enqueue(
                event(),
                deliveries: [newDelivery(), newDelivery("desk"), newDelivery("desk")],
                now: at(9))
            #expect(second.existing == [first.added[0], second.added[0]])
            #expect(second.added.count == 1)
            #expect(try await outbox.deliveries(limit: 9).count == 2)
        }
    }

    @Test("keeps nothing where another event has the id, or where one delivery is refused")
    func nothing() async throws {
        try await withOutbox { outbox, _ in
            try await outbox.enqueue(event(), deliveries: [], now: at(0))
            let differing = try event(body: "{\"x\":1}")
            let now = try at(1)
            #expect(
                await failure {
                    try await outbox.enqueue(differing, deliveries: [newDelivery()], now: now)
                } == .eventDiffers)
            let new = try event("decision-2")
            #expect(
                await failure {
                    try await outbox.enqueue(
                        new, deliveries: [newDelivery(), newDelivery("")], now: now)
                } == .refused(.route))
            let empty = try event("decision-3", body: "")
            #expect(
                await failure {
                    try await outbox.enqueue(empty, deliveries: [newDelivery()], now: now)
                } == .refused(.body))
            #expect(try await outbox.deliveries(limit: 9) == [])
            #expect(try await outbox.body(ofEvent: "decision-2") == nil)
        }
    }

    @Test(
        "refuses a name with U+0000, which the database would cut, and every other that records refuse",
        arguments: ["a\0b", "\0", "", "a b", "é", ".a", String(repeating: "a", count: 129), "a\n"])
    func names(name: String) async throws {
        try await withOutbox { outbox, _ in
            let (now, good) = (try at(0), try event())
            let bad = try event(name)
            #expect(
                await failure {
                    try await outbox.enqueue(bad, deliveries: [], now: now)
                } == .refused(.event))
            #expect(
                await failure {
                    try await outbox.enqueue(good, deliveries: [newDelivery(name)], now: now)
                } == .refused(.route))
            #expect(
                await failure {
                    _ = try await outbox.claim(route: name, limit: 1, now: now, seconds: 1)
                } == .refused(.route))
            #expect(
                await failure {
                    _ = try await outbox.replay("d-1\0", now: now)
                } == .unknownDelivery)
            #expect(try await outbox.delivery(name) == nil)
        }
    }

    @Test("a code with U+0000 or a blank is refused before it is bound", arguments: ["a\0", "a b"])
    func codes(code: String) async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let attempt = try await outbox.begin(outbox.claimOne(now: at(0)), now: at(0))
            let now = try at(1)
            #expect(
                await failure {
                    try await outbox.finish(
                        attempt, AttemptResult(.transient, code: code), now: now)
                } == .refused(.code))
            #expect(try await outbox.state(of: id) == .sending)
        }
    }

    @Test("the id of a delivery depends on event and route alone, and tells neither")
    func identity() async throws {
        let id = try Outbox.deliveryID(event: "decision-1", route: "chat")
        #expect(try id == Outbox.deliveryID(event: "decision-1", route: "chat"))
        #expect(try id != Outbox.deliveryID(event: "decision-1", route: "chau"))
        #expect(try id != Outbox.deliveryID(event: "decision-2", route: "chat"))
        #expect(id.utf8.count == 34 && id.hasPrefix("d-"))
        try await withOutbox { outbox, _ in
            let result = try await outbox.enqueue(
                event(), deliveries: [newDelivery()], now: at(0))
            #expect(result.added == [id])
        }
    }

    @Test("many at once are all kept, each exactly once, also where some of them are refused")
    func group() async throws {
        try await withOutbox { outbox, _ in
            try await outbox.enqueue(event("taken", body: "1"), deliveries: [], now: at(0))
            let results = await withTaskGroup(of: OutboxError?.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        await failure {
                            let (id, body) = number % 20 == 0 ? ("taken", "2") : ("e\(number)", "1")
                            let event = try QueuedEvent(
                                id: id, kind: "finding", seal: seal(), body: Array(body.utf8))
                            try await outbox.enqueue(event, deliveries: [newDelivery()], now: at(1))
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 == .eventDiffers } == 10)
            #expect(results.count { $0 == nil } == 190)
            #expect(try await outbox.deliveries(limit: 999).count == 190)
        }
    }
}
