import CloseoutDelivery
import CloseoutTestSupport
import Testing

/// What allows a live run: the plan is 32 times the byte, and the others follow from it.
func liveNames(_ plan: UInt8, review: UInt8? = nil) throws -> LiveRunNames {
    LiveRunNames(
        plan: try seal(plan), dryRun: try seal(plan + 100), review: try seal(review ?? plan + 200))
}

@Suite("Live runs in an outbox", .requires("python3"))
struct LiveRunTests {
    @Test("a plan and a review serve one live run, also where nobody but the outbox knows of it")
    func once() async throws {
        try await withOutbox { outbox, place in
            let first = try liveNames(1)
            try await outbox.beginLiveRun(first, now: at(0))
            // One that was cut off is taken up again, by its own names only.
            try await outbox.beginLiveRun(first, now: at(1))
            for other in [try liveNames(1, review: 9), try liveNames(2, review: 201)] {
                #expect(
                    await failure { try await outbox.beginLiveRun(other, now: at(2)) } == .runUsed)
                #expect(try await outbox.liveRun(using: other)?.names == first)
            }
            try await outbox.endLiveRun(ofPlan: first.plan, now: at(3))
            let again = try await place.open()
            #expect(await failure { try await again.beginLiveRun(first, now: at(4)) } == .runUsed)
            let kept = try #require(try await again.liveRun(using: first))
            #expect(kept.began == (try at(0)))
            #expect(kept.recorded == (try at(3)))
            #expect(try await again.liveRun(using: try liveNames(2)) == nil)
            try again.close()
        }
    }

    @Test("a run begins one group of attempts for a delivery, however often it is taken up")
    func groups() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let plan = try liveNames(1).plan
            #expect(
                await failure { _ = try await outbox.retry(id, byPlan: plan, now: at(0)) } != nil)
            try await outbox.beginLiveRun(try liveNames(1), now: at(0))
            #expect(
                await failure { _ = try await outbox.retry("d-0", byPlan: plan, now: at(0)) }
                    == .unknownDelivery)
            try await outbox.attempt(.refused, now: at(1))
            #expect(try await outbox.state(of: id) == .dead)
            let retry = try await outbox.retry(id, byPlan: plan, now: at(2))
            #expect(retry.group == 2 && retry.before == 1)
            try await outbox.attempt(.refused, now: at(3))
            #expect(try await outbox.retry(id, byPlan: plan, now: at(4)) == retry)
            #expect(try await outbox.state(of: id) == .dead)
            #expect(try await outbox.liveRun(using: try liveNames(1))?.retries == [id: retry])
        }
    }

    @Test("what another worker holds is known, until its lease ends")
    func held() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            #expect(try await outbox.held([id], now: at(0)) == nil)
            _ = try await outbox.claimOne(now: at(0), seconds: 60)
            #expect(try await outbox.held([id], now: at(1)) == (try at(60)))
            #expect(try await outbox.held(["d-0"], now: at(1)) == nil)
            #expect(try await outbox.held([id], now: at(60)) == nil)
        }
    }
}
