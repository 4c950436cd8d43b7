import CloseoutDelivery
import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// What a delivery must be after all that was done, kept beside the outbox.
private struct Expected {
    var state = CloseoutDelivery.DeliveryState.waiting
    /// Who holds it and until when.
    var lease: Lease?
    /// The attempt that was begun and has not ended.
    var attempt: BegunAttempt?
    var begun = 0
    var successes = 0
}

/// Random work of two outboxes on one file, beside the model.
private struct Story {
    let outboxes: [Outbox]
    var generator: SplitMix64
    var seconds: Int64 = 0
    var expected: [String: Expected] = [:]
    var old: [BegunAttempt] = []
    /// Whether attempts under leases that have ended may have been recovered since the last look.
    var isUnsure = false
    let routes = ["chat", "desk", "mail"]

    var outbox: Outbox {
        mutating get { outboxes[Int.random(in: 0..<outboxes.count, using: &generator)] }
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.randomElement(using: &generator)
    }

    mutating func step(_ number: Int) async throws {
        switch Int.random(in: 0..<22, using: &generator) {
        case 0...2: try await queue(number)
        case 3...7: try await claim()
        case 8...11: try await begin()
        case 12...16: try await finish()
        case 17: try await recover()
        case 18: try await replay()
        case 19: try await renew()
        default: seconds += Int64(pick([1, 30, 90, 600, 7200, 80_000]) ?? 1)
        }
    }

    private mutating func queue(_ number: Int) async throws {
        let route = pick(routes) ?? "chat"
        let id = try await outbox.queue(
            number, route: route, isIdempotent: route != "mail", now: at(seconds))
        expected[id] = Expected()
    }

    private mutating func claim() async throws {
        let route = pick(routes) ?? "chat"
        let claim = try await outbox.claim(route: route, limit: 4, now: at(seconds), seconds: 100)
        apply(claim.changes)
        isUnsure = true
        for lease in claim.leases {
            let before = try #require(expected[lease.delivery])
            #expect(try before.lease.map { try $0.until <= at(seconds) } ?? true)
            // An attempt whose lease had ended was recovered, and its delivery was due again.
            if before.state == .sending { end(lease.delivery, .waiting) }
            #expect(expected[lease.delivery]?.state == .waiting)
            expected[lease.delivery]?.lease = lease
        }
    }

    private mutating func begin() async throws {
        guard let lease = pick(sorted { $0.lease }) else { return }
        let before = try #require(expected[lease.delivery])
        let (outbox, now) = (self.outbox, try at(seconds))
        var begun: BegunAttempt?
        let error = await failure { begun = try await outbox.begin(lease, now: now) }
        guard let begun else {
            #expect(
                error == .circuitOpen
                    || (error == .leaseLost && (lease.until <= now || before.state != .waiting)))
            return
        }
        #expect(lease.until > now && before.state == .waiting)
        #expect(begun.number == before.begun + 1)
        expected[lease.delivery]?.state = .sending
        expected[lease.delivery]?.attempt = begun
        expected[lease.delivery]?.begun += 1
    }

    private mutating func finish() async throws {
        if let late = pick(old), Int.random(in: 0..<5, using: &generator) == 0 {
            let (outbox, now) = (self.outbox, try at(seconds))
            #expect(
                await failure { try await outbox.finish(late, .delivered, now: now) } == .leaseLost)
            return
        }
        guard let attempt = pick(sorted { $0.attempt }) else { return }
        let result =
            pick([
                AttemptResult.delivered, .delivered, .delivered, .failed, .failed, .refused,
                .unknown,
                .throttled(120), .noCredentials,
            ]) ?? .failed
        let end = try await outbox.finish(attempt, result, now: at(seconds))
        let id = attempt.lease.delivery
        old.append(attempt)
        expected[id]?.attempt = nil
        expected[id]?.lease = nil
        expected[id]?.state = end.state
        switch result.outcome {
        case .success:
            #expect(end.state == .settled)
            expected[id]?.successes += 1
        case .permanent where !result.isCredentialFault: #expect(end.state == .dead)
        case .unknownOutcome where !attempt.lease.isIdempotent: #expect(end.state == .needsReview)
        default: #expect(end.state == .waiting || end.state == .dead)
        }
        #expect((end.state == .waiting) == (end.next != nil))
        if let next = end.next { #expect(next > attempt.began) }
    }

    private mutating func renew() async throws {
        guard let lease = pick(sorted { $0.lease }) else { return }
        let (outbox, now) = (self.outbox, try at(seconds))
        var renewed: Lease?
        let error = await failure {
            renewed = try await outbox.renew(lease, now: now, seconds: 500)
        }
        #expect((error == nil) == (lease.until > now))
        if let renewed { expected[lease.delivery]?.lease = renewed }
    }

    private mutating func recover() async throws {
        let now = try at(seconds)
        let lost = expected.values.count {
            $0.attempt != nil && ($0.lease?.until).map { $0 <= now } ?? false
        }
        let recovery = try await outbox.recover(now: now)
        #expect(recovery.attempts == lost)
        apply(recovery.changes)
        isUnsure = true
    }

    private mutating func replay() async throws {
        guard let id = pick(expected.keys.sorted()) else { return }
        let (outbox, now) = (self.outbox, try at(seconds))
        let error = await failure { _ = try await outbox.replay(id, now: now) }
        let state = try #require(expected[id]).state
        if state == .dead || state == .needsReview {
            #expect(error == nil)
            expected[id]?.state = .waiting
        } else {
            #expect(error == .notReplayable(state))
        }
    }

    /// Takes deaths and reviews into account that a call reported.
    private mutating func apply(_ changes: [OutboxChange]) {
        for change in changes {
            switch change.kind {
            case .dead(let id, _): end(id, .dead)
            case .needsReview(let id): end(id, .needsReview)
            case .circuit, .replayed: continue
            }
        }
    }

    private mutating func end(_ id: String, _ state: CloseoutDelivery.DeliveryState) {
        if let attempt = expected[id]?.attempt { old.append(attempt) }
        expected[id]?.state = state
        expected[id]?.lease = nil
        expected[id]?.attempt = nil
    }

    /// Learns which attempts were recovered, and that nothing else changed.
    mutating func reconcile() async throws {
        guard isUnsure else { return }
        isUnsure = false
        let now = try at(seconds)
        for summary in try await outbox.deliveries(limit: .max) {
            let before = try #require(expected[summary.id])
            guard before.state != summary.state else { continue }
            #expect(before.state == .sending && summary.state == .waiting)
            #expect(before.lease.map { $0.until <= now } ?? false)
            end(summary.id, .waiting)
        }
    }

    /// Compares the whole outbox with the model.
    mutating func compare() async throws {
        let all = try await outbox.deliveries(limit: .max)
        #expect(Set(all.map(\.id)) == Set(expected.keys))
        for summary in all {
            let model = try #require(expected[summary.id])
            #expect(summary.state == model.state)
            let attempts = try await outbox.attempts(of: summary.id)
            #expect(attempts.count == model.begun)
            #expect(attempts.count { $0.outcome == .success(.delivered) } == model.successes)
            #expect(model.successes == (summary.state == .settled ? 1 : 0))
            #expect(attempts.count { $0.outcome == nil } == (model.state == .sending ? 1 : 0))
            let group = attempts.filter { $0.group == summary.group && $0.outcome != nil }
            #expect(group.count { !$0.isSnooze } == summary.attempts && summary.attempts <= 10)
            #expect(group.count { $0.isSnooze } == summary.snoozes && summary.snoozes <= 5)
        }
        let counts = try await outbox.routes(now: at(seconds)).reduce(
            into: [CloseoutDelivery.DeliveryState: Int]()
        ) {
            $0.merge($1.counts, uniquingKeysWith: +)
        }
        for state in CloseoutDelivery.DeliveryState.allCases {
            #expect(counts[state, default: 0] == expected.values.count { $0.state == state })
        }
    }

    private func sorted<Value>(_ value: (Expected) -> Value?) -> [Value] {
        expected.sorted { $0.key < $1.key }.compactMap { value($0.value) }
    }
}

@Suite("Random sequences")
struct PropertyTests {
    @Test(
        "of two processes' calls lose nothing, settle nothing that was not delivered, and count right",
        arguments: 1...UInt64(repetitions(40, usually: 4)))
    func random(seed: UInt64) async throws {
        try await withOutbox { outbox, place in
            let other = try await place.open()
            var story = Story(outboxes: [outbox, other], generator: SplitMix64(seed: seed))
            for number in 0..<500 {
                try await story.step(number)
                try await story.reconcile()
                if number % 100 == 99 { try await story.compare() }
            }
            try other.close()
        }
    }
}
