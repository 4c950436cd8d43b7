import CloseoutDelivery
import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The circuit of a route")
struct CircuitTests {
    private func opened(_ result: AttemptResult = .noCredentials) throws -> Circuit {
        var circuit = Circuit()
        circuit.record(result, lease: "a", now: try at(0))
        return circuit
    }

    @Test("opens at once where the credentials are refused")
    func credentials() throws {
        let circuit = try opened()
        #expect(circuit.state == .open)
        #expect(circuit.cause == .credentials)
        #expect(try circuit.reopens == at(60))
    }

    @Test("opens after five failures in a row, and not after four", arguments: [3, 4, 5])
    func row(failures: Int) throws {
        var circuit = Circuit()
        for _ in 0..<failures { circuit.record(.failed, lease: "a", now: try at(0)) }
        #expect(circuit.state == (failures == 5 ? .open : .closed))
        #expect(circuit.cause == (failures == 5 ? .row : nil))
    }

    @Test("opens where half of the last twenty failed, whatever the order", arguments: 1...4)
    func share(period: Int) throws {
        var circuit = Circuit()
        var results: [Bool] = []
        while circuit.state == .closed, results.count < 1000 {
            let isFailure = results.count / period % 2 == 0
            results.append(isFailure)
            circuit.record(isFailure ? .failed : .delivered, lease: "a", now: try at(0))
        }
        // The first twenty have at least ten failures, and fewer than twenty open nothing.
        #expect(results.count == 20)
        #expect(circuit.cause == .share)
    }

    @Test("stays closed where fewer than half failed, for as long as that lasts")
    func healthy() throws {
        var circuit = Circuit()
        for number in 0..<1000 {
            circuit.record(number % 5 < 2 ? .failed : .delivered, lease: "a", now: try at(0))
        }
        #expect(circuit.state == .closed)
    }

    @Test("lets one probe through after its cool-down, and a second where the first is lost")
    func probe() throws {
        var circuit = try opened()
        #expect(try circuit.admission(now: at(59), isProbing: false) == .none)
        #expect(try circuit.admission(now: at(60), isProbing: false) == .one)
        circuit.beginProbe(lease: "p")
        #expect(circuit.state == .halfOpen)
        #expect(try circuit.admission(now: at(60), isProbing: true) == .none)
        #expect(try circuit.admission(now: at(200), isProbing: false) == .one)
        #expect(circuit.admits(lease: "p") && !circuit.admits(lease: "a"))
    }

    @Test(
        "doubles its cool-down with each failed probe up to half an hour, and begins anew after a good one"
    )
    func coolDown() throws {
        var circuit = try opened()
        var coolDowns: [Int64] = []
        for number in 0..<7 {
            coolDowns.append(circuit.coolDown)
            circuit.beginProbe(lease: "p")
            circuit.record(.failed, lease: "p", now: try at(Int64(number) * 10_000))
            #expect(circuit.state == .open && circuit.cause == .probe)
        }
        #expect(coolDowns == [60, 120, 240, 480, 960, 1800, 1800])
        circuit.beginProbe(lease: "p")
        circuit.record(.delivered, lease: "p", now: try at(0))
        #expect(circuit == Circuit())
    }

    @Test("listens to nobody but the probe until it is closed")
    func latecomers() throws {
        var circuit = try opened()
        let before = circuit
        circuit.record(.delivered, lease: "b", now: try at(1))
        circuit.record(.failed, lease: "b", now: try at(1))
        #expect(circuit == before)
        circuit.beginProbe(lease: "p")
        let probing = circuit
        circuit.record(.delivered, lease: "b", now: try at(70))
        circuit.record(.noCredentials, lease: "b", now: try at(70))
        #expect(circuit == probing)
    }

    @Test("is one for all processes: it opens, refuses begun work, is probed once, and closes")
    func shared() async throws {
        try await withOutbox { outbox, place in
            let other = try await place.open()
            for number in 0..<4 { try await outbox.queue(number, now: at(0)) }
            let waiting = try await other.claim(route: "chat", limit: 1, now: at(0), seconds: 60)
            let held = try #require(waiting.leases.first)
            let fault = try await outbox.attempt(.noCredentials, now: at(1))
            #expect(fault.state == .waiting)
            let opening = OutboxChange(
                at: try at(1), route: "chat",
                kind: .circuit(from: .closed, to: .open, cause: .credentials))
            #expect(fault.changes == [opening])
            #expect(
                await failure {
                    _ = try await other.begin(held, now: at(2))
                } == .circuitOpen)
            try await other.release(held)
            #expect(
                try await other.claim(route: "chat", limit: 9, now: at(60), seconds: 60).leases
                    == [])
            let probe = try await other.claim(route: "chat", limit: 9, now: at(61), seconds: 60)
            let lease = try #require(probe.leases.first)
            #expect(probe.leases.count == 1 && lease.isProbe)
            #expect(probe.changes.map(\.kind) == [.circuit(from: .open, to: .halfOpen, cause: nil)])
            #expect(
                try await outbox.claim(route: "chat", limit: 9, now: at(62), seconds: 60).leases
                    == [])
            let end = try await other.finish(
                other.begin(lease, now: at(62)), .delivered, now: at(63))
            #expect(end.changes.map(\.kind) == [.circuit(from: .halfOpen, to: .closed, cause: nil)])
            let rest = try await outbox.claim(route: "chat", limit: 9, now: at(64), seconds: 60)
            #expect(rest.leases.count == 3 && rest.leases.allSatisfy { !$0.isProbe })
            #expect(
                try await outbox.changes(after: 0, limit: 9).map(\.change) == fault.changes
                    + probe.changes + end.changes)
            try other.close()
        }
    }

    @Test("of one route says nothing about another")
    func apart() async throws {
        try await withOutbox { outbox, _ in
            try await outbox.queue(1, route: "dead", now: at(0))
            try await outbox.queue(2, route: "well", now: at(0))
            try await outbox.attempt(.noCredentials, route: "dead", now: at(0))
            #expect(
                try await outbox.attempt(.delivered, route: "well", now: at(0)).state == .settled)
            let routes = try await outbox.routes(now: at(0))
            #expect(routes.map(\.circuit.state) == [.open, .closed])
        }
    }
}
