import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite("Connections that cannot be made", .serialized, .requires("python3"), .requires("openssl"))
struct ConnectionTests {
    @Test(
        "nothing has left, and nothing is tried again",
        arguments: [
            ("unheard", OutboundFailure.connectionRefused), ("resetting", .connectionFailed),
            ("closing", .connectionFailed), ("plain", .tlsFailed), ("old", .tlsFailed),
        ])
    func fails(listener: String, failure: OutboundFailure) async throws {
        try await withReceiver { receiver in
            let result = try await receiver.send("/echo", at: listener)
            #expect(result.failure == failure)
            #expect(result.failure?.requestMayHaveLeft == false)
            let seen = listener == "unheard" ? 0 : 1
            _ = try await receiver.count("connection", reaching: seen)
            // A further attempt would be made soon, and be seen here.
            try await Task.sleep(for: .milliseconds(300))
            #expect(try receiver.count("connection") == seen)
            #expect(try receiver.count("request") == 0)
        }
    }

    @Test("time runs out for a receiver that accepts and says nothing, by either limit")
    func silence() async throws {
        try await withReceiver { receiver in
            var settings = try receiver.settings()
            settings.connectLimit = .milliseconds(300)
            let one = try await receiver.send("/echo", at: "silent", settings: settings)
            #expect(one.failure == .timedOut(.connection))
            settings = try receiver.settings()
            settings.deadline = .milliseconds(300)
            let two = try await receiver.send("/echo", at: "silent", settings: settings)
            #expect(two.failure == .timedOut(.connection))
            #expect(try await receiver.count("connection", reaching: 2) == 2)
        }
    }

    @Test("no request is written on a connection that leads elsewhere than to the checked address")
    func otherAddress() async throws {
        try await withReceiver { receiver in
            let destination = try receiver.destination("/echo")
            let connections = Connections(
                host: destination.host, pin: IPAddress(v4: 0x7f00_0001),
                address: IPAddress(v4: 0x7f00_0002), settings: try receiver.settings())
            await #expect(throws: OutboundFailure.connectionFailed) {
                try await connections.exchange(
                    try OutboundRequest(.post, to: destination), cap: 1000)
            }
            #expect(try await receiver.count("connection", reaching: 1) == 1)
            #expect(try receiver.count("request") == 0)
        }
    }

    @Test("requests that wait for a free connection are not sent when their time runs out")
    func waiting() async throws {
        try await withReceiver { receiver in
            var settings = try receiver.settings()
            settings.deadline = .seconds(4)
            settings.connections = 1
            let client = try receiver.client(settings: settings)
            let failures = try await withThrowingTaskGroup(of: OutboundFailure?.self) { group in
                for number in 0..<5 {
                    let request = try OutboundRequest(
                        .post, to: try receiver.destination("/stall?\(number)"))
                    group.addTask { await client.send(request).failure }
                }
                return try await group.reduce(into: [OutboundFailure?]()) { $0.append($1) }
            }
            #expect(failures.count { $0 == .noResponse(.timedOut) } == 1)
            #expect(failures.count { $0 == .timedOut(.connection) } == 4)
            #expect(try receiver.count("request") == 1)
        }
    }
}
