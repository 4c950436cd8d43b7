import CloseoutDelivery
import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("Leases")
struct LeaseTests {
    @Test("are for what is due, the oldest first, up to the limit, on one route")
    func order() async throws {
        try await withOutbox { outbox, _ in
            let second = try await outbox.queue(1, now: at(2))
            let first = try await outbox.queue(2, now: at(1))
            try await outbox.queue(3, now: at(9))
            try await outbox.queue(4, route: "desk", now: at(0))
            let claim = try await outbox.claim(route: "chat", limit: 9, now: at(8), seconds: 60)
            #expect(claim.leases.map(\.delivery) == [first, second])
            #expect(try claim.leases.allSatisfy { try $0.until == at(68) })
            let one = try await outbox.claim(route: "chat", limit: 1, now: at(20), seconds: 60)
            #expect(one.leases.count == 1)
            #expect(
                try await outbox.claim(route: "none", limit: 1, now: at(0), seconds: 1).leases == []
            )
        }
    }

    @Test(
        "are for named deliveries only where some are named, and for none where the list is empty")
    func named() async throws {
        try await withOutbox { outbox, _ in
            let ids = [
                try await outbox.queue(1, now: at(0)), try await outbox.queue(2, now: at(0)),
                try await outbox.queue(3, route: "desk", now: at(0)),
            ]
            for names in [[], ["d-none"], [ids[2]]] {
                let claim = try await outbox.claim(
                    route: "chat", only: names, limit: 9, now: at(1), seconds: 60)
                #expect(claim.leases.isEmpty)
            }
            let claim = try await outbox.claim(
                route: "chat", only: [ids[1], ids[2]], limit: 9, now: at(1), seconds: 60)
            #expect(claim.leases.map(\.delivery) == [ids[1]])
            let error = await failure {
                _ = try await outbox.claim(
                    route: "chat", only: ["a\"]"], limit: 9, now: at(1), seconds: 60)
            }
            #expect(error == .refused(.delivery))
        }
    }

    @Test("are one worker's until they end, and then another takes the delivery over")
    func takeOver() async throws {
        try await withOutbox { outbox, place in
            let other = try await place.open()
            try await outbox.queue(1, now: at(0))
            let lease = try await outbox.claimOne(now: at(0), seconds: 60)
            #expect(
                try await other.claim(route: "chat", limit: 1, now: at(59), seconds: 60).leases
                    == [])
            let taken = try await other.claimOne(now: at(60))
            #expect(taken.delivery == lease.delivery && taken.token != lease.token)
            #expect(await failure { _ = try await outbox.begin(lease, now: at(61)) } == .leaseLost)
            let attempt = try await other.begin(taken, now: at(61))
            #expect(attempt.number == 1)
            try other.close()
        }
    }

    @Test("that have ended begin nothing, even where nobody took the delivery over")
    func ended() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let lease = try await outbox.claimOne(now: at(0), seconds: 60)
            #expect(await failure { _ = try await outbox.begin(lease, now: at(60)) } == .leaseLost)
            #expect(try await outbox.attempts(of: id) == [])
        }
    }

    @Test(
        "last longer when they are renewed, before and during an attempt, and not once they have ended"
    )
    func renewal() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let lease = try await outbox.claimOne(now: at(0), seconds: 60)
            #expect(try await outbox.renew(lease, now: at(59), seconds: 60).until == at(119))
            #expect(
                try await outbox.claim(route: "chat", limit: 1, now: at(118), seconds: 1).leases
                    == [])
            let attempt = try await outbox.begin(lease, now: at(118))
            #expect(try await outbox.renew(lease, now: at(118), seconds: 60).until == at(178))
            #expect(try await outbox.recover(now: at(177)).attempts == 0)
            #expect(
                await failure { _ = try await outbox.renew(lease, now: at(178), seconds: 1) }
                    == .leaseLost)
            #expect(try await outbox.finish(attempt, .delivered, now: at(179)).state == .settled)
            #expect(try await outbox.state(of: id) == .settled)
        }
    }

    @Test("are given back by a worker that stops; nothing is left behind")
    func release() async throws {
        try await withOutbox { outbox, _ in
            for number in 0..<5 { try await outbox.queue(number, now: at(0)) }
            let leases = try await outbox.claim(route: "chat", limit: 5, now: at(0), seconds: 60)
                .leases
            #expect(try await outbox.routes(now: at(1)).map(\.leased) == [5])
            for lease in leases { try await outbox.release(lease) }
            #expect(try await outbox.routes(now: at(1)).map(\.leased) == [0])
            let again = try await outbox.claim(route: "chat", limit: 9, now: at(1), seconds: 60)
            #expect(again.leases.count == 5)
            // A lease that somebody else has meanwhile is not taken from them.
            for lease in leases { try await outbox.release(lease) }
            #expect(
                try await outbox.claim(route: "chat", limit: 9, now: at(2), seconds: 60).leases
                    == [])
        }
    }

    @Test("of an attempt that was begun are not given back")
    func releaseBegun() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let lease = try await outbox.claimOne(now: at(0))
            let attempt = try await outbox.begin(lease, now: at(1))
            try await outbox.release(lease)
            #expect(try await outbox.state(of: id) == .sending)
            #expect(await failure { _ = try await outbox.begin(lease, now: at(2)) } == .leaseLost)
            try await outbox.finish(attempt, .delivered, now: at(3))
        }
    }

    @Test("two outboxes that compete for the same rows never get one twice")
    func competition() async throws {
        try await withOutbox { outbox, place in
            let other = try await place.open()
            let count = 120
            for number in 0..<count { try await outbox.queue(number, now: at(0)) }
            let claimed = try await withThrowingTaskGroup(of: [Lease].self) { group in
                for outbox in [outbox, other, outbox, other] {
                    group.addTask {
                        var mine: [Lease] = []
                        while true {
                            let claim = try await outbox.claim(
                                route: "chat", limit: 3, now: at(1), seconds: 60)
                            if claim.leases.isEmpty { return mine }
                            mine += claim.leases
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == count)
            #expect(Set(claimed.map(\.delivery)).count == count)
            // Each of them begins once, whoever tries.
            let begun = await withTaskGroup(of: Int.self) { group in
                for lease in claimed.prefix(40) {
                    for outbox in [outbox, other] {
                        group.addTask {
                            await failure { _ = try await outbox.begin(lease, now: at(2)) } == nil
                                ? 1 : 0
                        }
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(begun == 40)
            try other.close()
        }
    }
}
