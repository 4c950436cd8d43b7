import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("deliver, killed", .requires("python3"))
struct KillTests {
    /// How many routes lead to the receiver that fails half of the time.
    private static let routes = 12

    @Test("at any instant, loses no delivery and reports none that did not arrive")
    func kills() async throws {
        try await withDeliverScene { scene in
            try scene.write(
                try (0..<Self.routes).map { try scene.route("route-\($0)", "/flaky", deadline: 20) }
            )
            let queued = try await scene.courier("deliver", "p-1.closeout", "--queue-only")
            try #require(queued.status == 0, "\(queued.stderrText)")
            let ids = try await states(scene).map(\.id)
            #expect(ids.count >= Self.routes)
            var generator = SplitMix64(seed: 11)
            for _ in 0..<repetitions(200, usually: 8) {
                let micros = Int.random(in: 0...400_000, using: &generator)
                _ = try await run(
                    courierExecutable, ["deliver", "p-1.closeout"],
                    environment: DeliverScene.environment, workingDirectory: scene.path,
                    killAfter: .microseconds(micros))
                try await letTimePass(scene)
                try await scene.closeout("repair", "p-1.closeout")
            }
            // Without kills all of them arrive in the end.
            for _ in 0..<40 {
                _ = try await scene.courier("deliver", "p-1.closeout")
                let open = try await states(scene).filter { $0.state != "settled" }
                if open.isEmpty { break }
                for delivery in open where delivery.state == "dead" {
                    _ = try await scene.courier("deliver", "replay", delivery.id)
                }
                try await letTimePass(scene)
            }
            let end = try await states(scene)
            #expect(end.allSatisfy { $0.state == "settled" })
            #expect(Set(end.map(\.id)) == Set(ids))
            try check(end, scene)
            let delivered = try await scene.recorded("delivery")
            #expect(Set(delivered) == Set(ids))
        }
    }

    /// What the receiver saw is what was attempted, or less; what is settled was taken.
    private func check(_ end: [Delivery], _ scene: DeliverScene) throws {
        let taken = try scene.answers(200)
        let requests = try scene.requests().map { $0[3] }
        for delivery in end {
            #expect(taken.contains(delivery.id))
            #expect(requests.count { $0 == delivery.id } <= delivery.attempts)
        }
        #expect(Set(requests).isSubset(of: Set(end.map(\.id))))
    }

    private struct Delivery {
        let id: String
        let state: String
        let attempts: Int
    }

    private func states(_ scene: DeliverScene) async throws -> [Delivery] {
        try await scene.status()["deliveries"]?.elements.map { json in
            guard case .integer(let attempts) = json["attempts"] else { throw Missing() }
            return Delivery(
                id: try #require(json["delivery"]?.text), state: try #require(json["state"]?.text),
                attempts: Int(attempts))
        } ?? []
    }

    private struct Missing: Error {}

    /// Moves everything in the outbox some hours into the past, but the deadlines.
    private func letTimePass(_ scene: DeliverScene) async throws {
        let script = """
            import sqlite3
            db = sqlite3.connect("outbox.sqlite", timeout=60)
            with db:
                db.execute("UPDATE deliveries SET lease_until = lease_until - 9999")
                db.execute("UPDATE deliveries SET next_attempt = next_attempt - 30000")
                db.execute("UPDATE routes SET opened = opened - 9999")
            """
        try await runSuccessfully("python3", ["-c", script], workingDirectory: scene.path)
    }
}

extension DeliverScene {
    /// The ids of the hooks that the receiver answered with a status, as often as it did.
    func answers(_ status: Int) throws -> [String] {
        let log = String(decoding: try readFile(receiver + "/events"), as: UTF8.self)
        return log.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            return words[0] == "answer" && words[1] == "\(status)" ? words[2] : nil
        }
    }
}
