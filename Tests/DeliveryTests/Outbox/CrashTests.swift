import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles
import CloseoutTestSupport
import Glibc
import Testing

/// A receiver that keeps what it got as names of empty files.
private struct Receipts {
    let folder: String

    /// What the receiver gets of an attempt, which then may be cut off at any instruction.
    func take(_ attempt: BegunAttempt) throws {
        let folder = try Directory.open(Array(folder.utf8))
        _ = try folder.create(Array("\(attempt.lease.delivery).\(attempt.number)".utf8))
    }

    /// The deliveries that it got, each as often as it did.
    func deliveries() throws -> [String] {
        let folder = try Directory.open(Array(folder.utf8))
        return try folder.entries().map {
            String(decoding: $0.name.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
        }
    }
}

/// Works through what is due, as often as it is; every second answer of the receiver is a failure.
private func work(_ outbox: Outbox, _ receipts: Receipts, now: Instant, seed: UInt64) async throws {
    var generator = SplitMix64(seed: seed)
    for route in ["chat", "desk"] {
        let claim = try await outbox.claim(route: route, limit: 6, now: now, seconds: 100)
        for lease in claim.leases {
            let attempt: BegunAttempt
            do throws(OutboxError) {
                attempt = try await outbox.begin(lease, now: now)
            } catch {
                guard error == .circuitOpen else { throw error }
                try await outbox.release(lease)
                continue
            }
            try receipts.take(attempt)
            let isGood = Bool.random(using: &generator)
            try await outbox.finish(attempt, isGood ? .delivered : .failed, now: now)
        }
    }
}

@Suite("Crashes")
struct CrashTests {
    @Test("SIGKILL at any time loses no delivery and settles none that did not arrive")
    func kills() async throws {
        try await withTemporaryDirectory { folder in
            let place = OutboxPlace(folder: folder + "/outbox")
            let receipts = Receipts(folder: folder + "/receipts")
            for name in ["/outbox", "/receipts"] {
                try await runSuccessfully("mkdir", ["-m", "700", folder + name])
            }
            var ids: Set<String> = []
            let first = try await place.open()
            for number in 0..<60 {
                ids.insert(
                    try await first.queue(
                        number, route: number % 3 == 0 ? "desk" : "chat",
                        isIdempotent: number % 3 != 0, now: at(0)))
            }
            try first.close()
            var generator = SplitMix64(seed: 5)
            let kills = repetitions(200, usually: 20)
            for round in 0..<kills {
                let pause = UInt64.random(in: 0...40_000, using: &generator)
                let end = await #expect(
                    processExitsWith: .failure, observing: [\.standardErrorContent]
                ) {
                    [folder = folder as String, round = round as Int, pause = pause as UInt64] in
                    let outbox = try await OutboxPlace(folder: folder + "/outbox").open()
                    let receipts = Receipts(folder: folder + "/receipts")
                    Task.detached {
                        try await Task.sleep(for: .microseconds(pause))
                        kill(getpid(), SIGKILL)
                    }
                    for step in 0..<1000 {
                        let now = try at(Int64(round) * 3000 + Int64(step) * 10)
                        try await work(
                            outbox, receipts, now: now, seed: UInt64(round * 1000 + step))
                    }
                    kill(getpid(), SIGKILL)
                }
                let words = String(decoding: end?.standardErrorContent ?? [], as: UTF8.self)
                #expect(end?.exitStatus == .signal(SIGKILL), "\(words)")
            }
            let outbox = try await place.open()
            _ = try await outbox.recover(now: at(Int64(kills) * 3000 + 20_000))
            let all = try await outbox.deliveries(limit: 999)
            #expect(Set(all.map(\.id)) == ids)
            let received = try receipts.deliveries()
            let settled = all.filter { $0.state == .settled }.map(\.id)
            #expect(!settled.isEmpty && Set(settled).isSubset(of: received))
            #expect(Set(received).isSubset(of: ids))
            #expect(!all.contains { $0.state == .sending })
            var attempts = 0
            for delivery in all {
                let kept = try await outbox.attempts(of: delivery.id)
                attempts += kept.count
                #expect(kept.map(\.number) == Array(1..<kept.count + 1))
                #expect(kept.count >= received.count { $0 == delivery.id })
                let successes = kept.count { $0.outcome == .success(.delivered) }
                #expect(successes == (delivery.state == .settled ? 1 : 0))
            }
            // What the receiver counts is never more than what is written down.
            #expect(received.count <= attempts)
            try outbox.close()
        }
    }

    @Test("a worker that is gone for good leaves its deliveries to the next, with the same ids")
    func abandoned() async throws {
        try await withOutbox { outbox, place in
            let id = try await outbox.queue(1, now: at(0))
            let gone = try await place.open()
            _ = try await gone.claimOne(now: at(0))
            let next = try await outbox.claimOne(now: at(60))
            #expect(next.delivery == id)
            try gone.close()
        }
    }

    @Test("a write that was never committed leaves nothing", .requires("python3"))
    func uncommitted() async throws {
        try await withOutbox { outbox, place in
            let id = try await outbox.queue(1, now: at(0))
            try await place.python(
                """
                db.execute('BEGIN IMMEDIATE')
                db.execute("UPDATE deliveries SET state='settled',assurance='delivered'")
                sys.stdout.flush(); os.kill(os.getpid(),0); os._exit(0)
                """)
            #expect(try await outbox.state(of: id) == .waiting)
            let other = try await place.open()
            #expect(try await other.claimOne(now: at(0)).delivery == id)
            try other.close()
        }
    }
}
