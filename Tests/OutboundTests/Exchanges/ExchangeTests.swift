import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite("Exchanges with a receiver", .serialized, .requires("python3"), .requires("openssl"))
struct ExchangeTests {
    @Test("a request arrives as it was made, and its answer comes back")
    func echo() async throws {
        try await withReceiver { receiver in
            let target = "/echo/a%2Fb//c;v=1?x=%7B1%7D&y=~!$'()*+,"
            let request = try OutboundRequest(
                .post, to: try receiver.destination(target),
                fields: [
                    .init("Content-Type", "application/json"), .init("X-One", "1"),
                    .init("X-One", "2"),
                ],
                body: Array(#"{"a":1}"#.utf8))
            let client = try receiver.client()
            let result = await client.send(request)
            let response = try #require(result.response)
            #expect(response.head.status == 200)
            #expect(response.isWhole)
            let lines = String(decoding: response.body, as: UTF8.self).split(
                separator: "\r\n", omittingEmptySubsequences: false)
            let port = try receiver.port()
            #expect(
                lines.map(String.init) == [
                    "POST \(target) HTTP/1.1", "Content-Type: application/json", "X-One: 1",
                    "X-One: 2", "host: receiver.test:\(port)", "Content-Length: 7", "",
                    #"{"a":1}"#,
                ])
            #expect(try receiver.count("request") == 1)
            let range = try #require(AddressRange("127.0.0.0/8"))
            #expect(result.permission == .allowedByOwner(range, .loopback))
        }
    }

    @Test(
        "a redirect is an answer, and nothing is sent where it leads",
        arguments: [300, 301, 302, 303, 304, 305, 306, 307, 308])
    func redirects(code: Int) async throws {
        try await withReceiver { receiver in
            let result = try await receiver.send("/redirect/\(code)/\(receiver.port("closing"))")
            #expect(result.response?.head.status == code)
            #expect(
                try receiver.events() == [
                    "connection receiver", "handshake receiver",
                    "request receiver POST /redirect/\(code)/\(receiver.port("closing")) -",
                ])
        }
    }

    @Test("every status is an answer")
    func statuses() async throws {
        try await withReceiver { receiver in
            let codes = [200, 204, 400, 401, 404, 408, 425, 429, 500, 503, 599]
            for code in codes {
                let result = try await receiver.send("/status/\(code)")
                #expect(result.response?.head.status == code)
                #expect(result.response?.isWhole == true)
            }
            #expect(try receiver.count("request") == codes.count)
        }
    }

    @Test("a status that HTTP does not have is no answer", arguments: [600, 700, 999])
    func otherStatus(code: Int) async throws {
        try await withReceiver { receiver in
            let failure = try await receiver.send("/status/\(code)").failure
            #expect(failure == .noResponse(.malformed))
            #expect(try await receiver.send("/status/200").response?.head.status == 200)
        }
    }

    @Test("of the head only status, Retry-After and Date are kept")
    func keptFields() async throws {
        try await withReceiver { receiver in
            let head = try #require(try await receiver.send("/retry").response?.head)
            let later = try #require(Instant(parsing: Array("2033-11-06T08:49:37Z".utf8)))
            #expect(head.retryAfter == [.seconds(120), .date(later)])
            #expect(head.date == later.adding(seconds: -30))
            let text = "\(head)" + String(reflecting: head)
            #expect(!text.contains("canary"))
        }
    }

    @Test("a body as long as the cap is whole, one byte more is cut off and closes the connection")
    func cap() async throws {
        try await withReceiver { receiver in
            var settings = try receiver.settings()
            settings.bodyCap = 1000
            let client = try receiver.client(settings: settings)
            func get(_ target: String) async throws -> OutboundResponse {
                let request = try OutboundRequest(.get, to: try receiver.destination(target))
                return try #require(await client.send(request).response)
            }
            let whole = try await get("/bytes/1000")
            #expect(whole.body.count == 1000 && whole.isWhole)
            let longer = try await get("/bytes/1001")
            #expect(longer.body.count == 1000 && !longer.isWhole)
            let none = try await get("/bytes/0")
            #expect(none.body.isEmpty && none.isWhole)
            let huge = try await get("/huge")
            #expect(huge.body.count == 1000 && !huge.isWhole && huge.head.status == 200)
            #expect(try receiver.count("request") == 4)
        }
    }

    @Test("an answer that comes before the body is read is the answer")
    func earlyAnswer() async throws {
        try await withReceiver { receiver in
            let body = [UInt8](repeating: 0x78, count: 20_000_000)
            let result = try await receiver.send("/early", body: body)
            #expect(result.response?.head.status == 413)
            #expect(try receiver.count("request") == 1)
        }
    }

    @Test("hints before the answer are passed over")
    func earlyHints() async throws {
        try await withReceiver { receiver in
            let response = try #require(try await receiver.send("/hints").response)
            #expect(response.head.status == 200)
            #expect(response.body == Array("after".utf8))
        }
    }

    @Test("a large body arrives whole")
    func largeBody() async throws {
        try await withReceiver { receiver in
            var settings = try receiver.settings()
            settings.bodyCap = 500_000
            let body = (0..<400_000).map { UInt8(truncatingIfNeeded: $0) }
            let result = try await receiver.send("/echo", settings: settings, body: body)
            #expect(result.response?.body.suffix(body.count) == body[...])
        }
    }

    @Test("requests one after the other use one connection, each sent once")
    func reuse() async throws {
        try await withReceiver { receiver in
            let client = try receiver.client()
            for number in 0..<20 {
                let destination = try receiver.destination("/status/\(200 + number)")
                let result = await client.send(try OutboundRequest(.post, to: destination))
                #expect(result.response?.head.status == 200 + number)
            }
            #expect(try receiver.count("connection") == 1)
            #expect(try receiver.count("request") == 20)
        }
    }

    @Test("requests at once use no more connections than are allowed, and each is sent once")
    func connectionLimit() async throws {
        try await withReceiver { receiver in
            var settings = try receiver.settings()
            settings.connections = 3
            let client = try receiver.client(settings: settings)
            await withTaskGroup(of: OutboundResult?.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        guard let destination = try? receiver.destination("/echo?\(number)"),
                            let request = try? OutboundRequest(.post, to: destination)
                        else { return nil }
                        return await client.send(request)
                    }
                }
                for await result in group { #expect(result?.response?.head.status == 200) }
            }
            #expect(try receiver.count("connection") <= 3)
            let requests = try receiver.events().filter { $0.hasPrefix("request") }
            #expect(requests.count == 60 && Set(requests).count == 60)
        }
    }

    @Test("a client sends to its own host and port only, and nothing after it was closed")
    func otherOrigin() async throws {
        try await withReceiver { receiver in
            let client = try receiver.client()
            let other = try receiver.destination("/echo", host: "localhost")
            let result = await client.send(try OutboundRequest(.get, to: other))
            #expect(result.failure == .otherOrigin)
            client.close()
            let closed = await client.send(
                try OutboundRequest(.get, to: try receiver.destination()))
            #expect(closed.failure == .notSent)
            #expect(try receiver.events().isEmpty)
        }
    }
}
