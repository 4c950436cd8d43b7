import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite(
    "Receivers that misbehave after a request", .serialized, .requires("python3"),
    .requires("openssl"))
struct InterruptionTests {
    @Test(
        "without a head there is no response, and the outcome is unknown",
        arguments: [
            ("/close", OutboundFailure.Interruption.cut), ("/reset", .cut), ("/cut-head", .cut),
            ("/large-head", .headTooLarge), ("/garbage", .malformed),
        ])
    func noResponse(target: String, interruption: OutboundFailure.Interruption) async throws {
        try await withReceiver { receiver in
            let failure = try await receiver.send(target).failure
            #expect(failure == .noResponse(interruption))
            #expect(failure?.requestMayHaveLeft == true)
            #expect(try receiver.count("request") == 1)
            #expect(try receiver.count("connection") == 1)
        }
    }

    @Test(
        "a body that is cut is no success, and the status is kept",
        arguments: ["/cut", "/cut-chunks", "/cut-unframed"])
    func cutBody(target: String) async throws {
        try await withReceiver { receiver in
            let failure = try await receiver.send(target).failure
            guard case .bodyInterrupted(let head, .cut) = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(head.status == 200)
            #expect(head.retryAfter == (target == "/cut" ? [.seconds(7)] : []))
            #expect(try receiver.count("request") == 1)
        }
    }

    @Test("a reset is a cut, before or after the system has handed over the head")
    func reset() async throws {
        try await withReceiver { receiver in
            switch try await receiver.send("/reset-body").failure {
            case .noResponse(.cut): break
            case .bodyInterrupted(let head, .cut): #expect(head.status == 200)
            case let failure: Issue.record("\(String(describing: failure))")
            }
        }
    }

    @Test(
        "time that runs out after the request was sent leaves the outcome unknown",
        arguments: ["/stall", "/trickle-head"])
    func timeBeforeHead(target: String) async throws {
        try await withReceiver { receiver in
            let failure = try await receiver.failure(target) { $0.requestMayHaveLeft }
            #expect(failure == .noResponse(.timedOut))
            // What had timed out before the connection stood was not sent.
            #expect(try await receiver.count("request", reaching: 1) == 1)
        }
    }

    @Test("time runs out for a body that trickles, and the status is kept")
    func trickle() async throws {
        try await withReceiver { receiver in
            let failure = try await receiver.failure("/trickle") { $0.status != nil }
            guard case .bodyInterrupted(let head, .timedOut) = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(head.status == 200)
        }
    }

    @Test(
        "a task that is cancelled ends, and its outcome is unknown once the request was sent",
        arguments: ["/stall", "/trickle"])
    func cancelled(target: String) async throws {
        try await withReceiver { receiver in
            let sending = Task { try await receiver.send(target) }
            while try receiver.count("request") == 0 { try await Task.sleep(for: .milliseconds(5)) }
            // The head of the trickling answer is there soon, or not yet: both are unknown.
            sending.cancel()
            let failure = try await sending.value.failure
            switch failure {
            case .noResponse(.cancelled): break
            case .bodyInterrupted(let head, .cancelled): #expect(head.status == 200)
            default: Issue.record("\(String(describing: failure))")
            }
            #expect(failure?.requestMayHaveLeft == true)
        }
    }

    @Test("a task that was cancelled before sends nothing")
    func cancelledBefore() async throws {
        try await withReceiver { receiver in
            let client = try receiver.client()
            let request = try OutboundRequest(.post, to: try receiver.destination())
            let sending = Task {
                while !Task.isCancelled { await Task.yield() }
                return await client.send(request)
            }
            sending.cancel()
            #expect(await sending.value.failure == .cancelled)
            #expect(try receiver.count("request") == 0)
        }
    }

    @Test("whenever time runs out, a request of which nothing left was not received")
    func gate() async throws {
        try await withReceiver { receiver in
            var unsent: Set<String> = []
            var sent = 0
            for number in 0..<120 {
                var settings = try receiver.settings()
                settings.deadline = .microseconds(200 * (number % 60))
                let target = "/echo?\(number)"
                let result = try await receiver.send(target, settings: settings)
                if let failure = result.failure, !failure.requestMayHaveLeft {
                    unsent.insert("request receiver POST \(target)")
                } else {
                    sent += 1
                }
            }
            // What was written last may be seen a little later.
            try await Task.sleep(for: .milliseconds(300))
            let received = try receiver.events().filter { $0.hasPrefix("request") }
            #expect(unsent.isDisjoint(with: received))
            #expect(received.count <= sent)
            #expect(Set(received).count == received.count)
        }
    }

    @Test("after each kind of failure the next request of the same client succeeds")
    func recovers() async throws {
        try await withReceiver { receiver in
            let client = try receiver.client()
            func send(_ target: String) async throws -> OutboundResult {
                await client.send(try OutboundRequest(.post, to: try receiver.destination(target)))
            }
            for target in ["/close", "/reset", "/cut", "/garbage", "/large-head", "/reset-body"] {
                #expect(try await send(target).failure?.requestMayHaveLeft == true)
                #expect(try await send("/echo").response?.head.status == 200)
            }
            #expect(try receiver.count("request") == 12)
        }
    }
}
