import CloseoutDelivery
import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("RateProbe")
struct RateProbe {
    @Test("rate")
    func rate() async throws {
        try await withOutbox { outbox, _ in
            let clock = ContinuousClock()
            let n = 4000
            let queued = try await clock.measure {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for w in 0..<50 {
                        group.addTask { for i in 0..<n / 50 { try await outbox.queue(w * 1000 + i, now: at(0)) } }
                    }
                    try await group.waitForAll()
                }
            }
            print("queue", queued)
            let worked = try await clock.measure {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            while true {
                                let leases = try await outbox.claim(route: "chat", limit: 10, now: at(1), seconds: 60).leases
                                if leases.isEmpty { return }
                                for lease in leases {
                                    let a = try await outbox.begin(lease, now: at(1))
                                    try await outbox.finish(a, .delivered, now: at(2))
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            print("work", worked)
        }
    }
}
