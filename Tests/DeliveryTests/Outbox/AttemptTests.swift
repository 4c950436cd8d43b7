import CloseoutDelivery
import CloseoutEncodings
import CloseoutTestSupport
import Testing

import struct CloseoutRecords.RetrySchedule

@Suite("Attempts", .requires("python3"))
struct AttemptTests {
    @Test("are written down before a byte may leave, for every other process to see")
    func begun() async throws {
        try await withOutbox { outbox, place in
            let id = try await outbox.queue(1, now: at(0))
            let lease = try await outbox.claimOne(now: at(0))
            let attempt = try await outbox.begin(lease, now: at(3))
            let rows = try await place.python(
                "for r in db.execute('SELECT number,outcome,began,ended FROM attempts'): print(*r)")
            #expect(rows == ["1 begun 1800000003 None"])
            #expect(try await outbox.attempts(of: id).map(\.outcome) == [nil])
            #expect(try attempt.number == 1 && attempt.began == at(3))
        }
    }

    @Test("end and give way to the next in one step, or end alone where the next may not begin")
    func followed() async throws {
        try await withOutbox { outbox, place in
            let first = try await outbox.queue(1, now: at(0))
            let second = try await outbox.queue(2, now: at(0))
            let leases = try await outbox.claim(
                route: "chat", limit: 2, now: at(0), seconds: 60
            ).leases
            let done = try #require(leases.first { $0.delivery == first })
            let next = try #require(leases.first { $0.delivery == second })
            let begun = try await outbox.begin(done, now: at(1))
            let (end, following) = try await outbox.finish(
                begun, AttemptResult(.success(.delivered), code: "ok"), allowedBy: nil,
                thenBegin: next, over: seal(3), now: at(2))
            #expect(end.state == .settled)
            let attempt = try following.get()
            #expect(try attempt.lease == next && attempt.number == 1 && attempt.began == at(2))
            let rows = try await place.python(
                "for r in db.execute('SELECT outcome,began,ended FROM attempts ORDER BY began'): print(*r)"
            )
            #expect(rows == ["success 1800000001 1800000002", "begun 1800000002 None"])
            // Under a lease that has ended nothing begins, and what has ended is written down all the same.
            let (failed, none) = try await outbox.finish(
                attempt, .refused, allowedBy: nil, thenBegin: done, over: nil, now: at(3))
            #expect(failed.state == .dead && none == .failure(.leaseLost))
            #expect(try await outbox.attempts(of: second).map(\.outcome) == [.permanent])
            #expect(
                await failure {
                    _ = try await outbox.finish(
                        attempt, .refused, allowedBy: nil, thenBegin: done, over: nil, now: at(4))
                } == .leaseLost)
        }
    }

    @Test(
        "that succeed settle the delivery for good, as sure as the receiver was",
        arguments: AttemptResult.Assurance.allCases)
    func success(assurance: AttemptResult.Assurance) async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let result = AttemptResult(.success(assurance), code: "ok")
            let end = try await outbox.attempt(result, now: at(0))
            #expect(end.state == .settled && end.next == nil && end.changes == [])
            let summary = try #require(try await outbox.delivery(id))
            #expect(summary.assurance == assurance && summary.attempts == 1)
            #expect(try await outbox.attempts(of: id).map(\.outcome) == [.success(assurance)])
            #expect(
                try await outbox.claim(route: "chat", limit: 9, now: at(999_999), seconds: 1).leases
                    == [])
            #expect(
                await failure { _ = try await outbox.replay(id, now: at(1)) }
                    == .notReplayable(.settled))
        }
    }

    @Test("that are refused for good make it dead at once, and loudly")
    func permanent() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let end = try await outbox.attempt(.refused, now: at(1))
            let death = OutboxChange(
                at: try at(1), route: "chat", kind: .dead(delivery: id, .permanent))
            #expect(end.state == .dead && end.changes == [death])
            #expect(
                try await outbox.changes(after: 0, limit: 9) == [
                    KeptChange(number: 1, change: death)
                ])
            #expect(try await outbox.deliveries(in: .dead, limit: 9).map(\.reason) == [.permanent])
            let kept = try #require(try await outbox.attempts(of: id).first)
            #expect(kept.status == 400 && kept.code == "http.status" && kept.outcome == .permanent)
        }
    }

    @Test(
        "that failed are repeated when the schedule says, ten times, and then the delivery is dead")
    func transient() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            var now = try at(0)
            for number in 1...10 {
                // One success of another delivery keeps the circuit closed.
                try await outbox.queue(100 + number, now: at(-1000))
                try await outbox.attempt(.delivered, now: now)
                let lease = try await outbox.claimOne(now: now)
                #expect(lease.delivery == id)
                let end = try await outbox.finish(outbox.begin(lease, now: now), .failed, now: now)
                guard number < 10 else {
                    #expect(end.changes.map(\.kind).contains(.dead(delivery: id, .attempts)))
                    #expect(end.state == .dead)
                    break
                }
                let delay = try RetrySchedule.standard.delay(after: number, of: id, seal: seal())
                let next = try #require(end.next)
                #expect(next == now.adding(seconds: delay))
                let early = try #require(next.adding(seconds: -1))
                #expect(
                    try await outbox.claim(route: "chat", limit: 9, now: early, seconds: 1).leases
                        == [])
                now = next
            }
            #expect(try await outbox.attempts(of: id).map(\.number) == Array(1...10))
        }
    }

    @Test("that a receiver puts off do not count, at most five times")
    func snoozes() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            var now = try at(0)
            for number in 1...6 {
                try await outbox.queue(100 + number, now: at(-1000))
                try await outbox.attempt(.delivered, now: now)
                let end = try await outbox.attempt(.throttled(3600), now: now)
                #expect(end.isSnooze == (number < 6))
                #expect(end.next == now.adding(seconds: 3600))
                now = try #require(end.next)
            }
            let summary = try #require(try await outbox.delivery(id))
            #expect(summary.attempts == 1 && summary.snoozes == 5)
            #expect(
                try await outbox.attempts(of: id).map(\.isSnooze) == [
                    true, true, true, true, true, false,
                ])
            #expect(try await outbox.attempts(of: id).allSatisfy { $0.retryAfter == 3600 })
        }
    }

    @Test("that would come after the deadline are not made: the delivery is dead")
    func deadline() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let late = try at(72 * 3600 - 10)
            let end = try await outbox.attempt(.throttled(20), now: late)
            #expect(end.state == .dead)
            #expect(try await outbox.delivery(id)?.reason == .deadline)
        }
    }

    @Test("what waits beyond its deadline is given up, but never without one attempt")
    func overdue() async throws {
        try await withOutbox { outbox, _ in
            let tried = try await outbox.queue(1, now: at(0))
            try await outbox.attempt(.failed, now: at(0))
            let untried = try await outbox.queue(2, now: at(0))
            let claim = try await outbox.claim(
                route: "chat", limit: 9, now: at(72 * 3600 + 1), seconds: 60)
            #expect(claim.changes.map(\.kind) == [.dead(delivery: tried, .deadline)])
            #expect(claim.leases.map(\.delivery) == [untried])
        }
    }

    @Test("whose outcome is unknown are repeated only where the receiver recognises the delivery")
    func unknown() async throws {
        try await withOutbox { outbox, _ in
            let safe = try await outbox.queue(1, now: at(0))
            let end = try await outbox.attempt(.unknown, now: at(0))
            #expect(end.state == .waiting && end.next != nil && end.changes == [])
            let unsafe = try await outbox.queue(2, route: "desk", isIdempotent: false, now: at(0))
            let review = try await outbox.attempt(.unknown, route: "desk", now: at(0))
            #expect(review.state == .needsReview)
            #expect(review.changes.map(\.kind) == [.needsReview(delivery: unsafe)])
            #expect(
                try await outbox.claim(route: "desk", limit: 9, now: at(999_999), seconds: 1).leases
                    == [])
            #expect(try await outbox.state(of: safe) == .waiting)
        }
    }

    @Test("refused credentials are the route's fault: the delivery waits for it")
    func credentials() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            #expect(try await outbox.attempt(.noCredentials, now: at(0)).state == .waiting)
            #expect(try await outbox.attempt(.delivered, now: at(60)).state == .settled)
            #expect(
                try await outbox.attempts(of: id).map(\.outcome) == [
                    .permanent, .success(.delivered),
                ])
        }
    }

    @Test("end once: a second result, or one of a delivery that was taken over, is refused")
    func late() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let attempt = try await outbox.begin(outbox.claimOne(now: at(0)), now: at(0))
            #expect(try await outbox.recover(now: at(59)).attempts == 0)
            #expect(try await outbox.recover(now: at(60)).attempts == 1)
            #expect(
                await failure { try await outbox.finish(attempt, .delivered, now: at(61)) }
                    == .leaseLost)
            #expect(try await outbox.attempts(of: id).map(\.outcome) == [.unknownOutcome])
            let second = try await outbox.begin(outbox.claimOne(now: at(999)), now: at(999))
            #expect(second.number == 2)
            try await outbox.finish(second, .delivered, now: at(999))
            #expect(
                await failure { try await outbox.finish(second, .delivered, now: at(999)) }
                    == .leaseLost)
            #expect(try await outbox.attempts(of: id).count == 2)
        }
    }

    @Test(
        "that a dead worker began are of unknown outcome once its lease has ended, also by a claim")
    func crash() async throws {
        try await withOutbox { outbox, place in
            let ids = [
                try await outbox.queue(1, now: at(0)),
                try await outbox.queue(2, route: "desk", isIdempotent: false, now: at(0)),
            ]
            // The worker is never heard of again: its connection is closed with an attempt under way.
            let worker = try await place.open()
            for route in ["chat", "desk"] {
                _ = try await worker.begin(worker.claimOne(route: route, now: at(0)), now: at(1))
            }
            try worker.close()
            #expect(try await outbox.recover(now: at(30)).attempts == 0)
            let claim = try await outbox.claim(route: "desk", limit: 1, now: at(60), seconds: 60)
            #expect(claim.changes.map(\.kind) == [.needsReview(delivery: ids[1])])
            #expect(try await outbox.state(of: ids[0]) == .sending)
            #expect(try await outbox.recover(now: at(60)).attempts == 1)
            let kept = try #require(try await outbox.attempts(of: ids[0]).first)
            #expect(kept.outcome == .unknownOutcome && kept.code == "interrupted")
            #expect(try kept.began == at(1) && kept.ended == at(60))
            let delay = try RetrySchedule.standard.delay(after: 1, of: ids[0], seal: seal())
            #expect(try await outbox.delivery(ids[0])?.nextAttempt == at(1 + delay))
            // The route is not at fault.
            #expect(try await outbox.routes(now: at(60)).allSatisfy { $0.circuit.state == .closed })
        }
    }

    @Test("begin a new group when a dead delivery is replayed, with the same id and bytes")
    func replay() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, isIdempotent: false, now: at(0))
            try await outbox.attempt(.refused, now: at(0))
            #expect(try await outbox.replay(id, now: at(500_000)).kind == .replayed(delivery: id))
            let summary = try #require(try await outbox.delivery(id))
            #expect(summary.state == .waiting && summary.group == 2 && summary.attempts == 0)
            #expect(try summary.deadline == at(500_000 + 72 * 3600))
            #expect(
                await failure { _ = try await outbox.replay(id, now: at(1)) }
                    == .notReplayable(.waiting))
            try await outbox.attempt(.unknown, now: at(500_000))
            #expect(try await outbox.state(of: id) == .needsReview)
            _ = try await outbox.replay(id, now: at(500_001))
            let lease = try await outbox.claimOne(now: at(500_001))
            #expect(lease.delivery == id && lease.body == Array("1".utf8))
            try await outbox.finish(
                outbox.begin(lease, now: at(500_001)), .delivered, now: at(500_002))
            let attempts = try await outbox.attempts(of: id)
            #expect(attempts.map(\.group) == [1, 2, 3] && attempts.map(\.number) == [1, 2, 3])
        }
    }

    @Test("are in the order of their times, also where the clock was put back between them")
    func clockBack() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(100))
            try await outbox.attempt(.refused, now: at(100))
            _ = try await outbox.replay(id, now: at(40))
            let attempt = try await outbox.begin(outbox.claimOne(now: at(40)), now: at(40))
            #expect(try attempt.began == at(100))
            try await outbox.finish(attempt, .delivered, now: at(41))
            let attempts = try await outbox.attempts(of: id)
            #expect(try attempts.map(\.began) == [at(100), at(100)])
            #expect(try attempts.last?.ended == at(100))
        }
    }

    @Test("are counted by route and state, dead ones never dropped")
    func counts() async throws {
        try await withOutbox { outbox, _ in
            for number in 0..<4 { try await outbox.queue(number, now: at(Int64(number))) }
            try await outbox.queue(9, route: "desk", now: at(0))
            try await outbox.attempt(.refused, now: at(5))
            try await outbox.attempt(.delivered, now: at(5))
            _ = try await outbox.begin(outbox.claimOne(now: at(5)), now: at(5))
            let routes = try await outbox.routes(now: at(6))
            #expect(routes.map(\.route) == ["chat", "desk"])
            let counts: [CloseoutDelivery.DeliveryState: Int] = [
                .dead: 1, .settled: 1, .sending: 1, .waiting: 1, .needsReview: 0,
            ]
            #expect(routes[0].counts == counts && routes[0].leased == 1)
            #expect(try routes[0].oldestWaiting == at(3) && routes[0].nextAttempt == at(3))
            #expect(routes[1].counts[.waiting] == 1 && routes[1].leased == 0)
        }
    }
}
