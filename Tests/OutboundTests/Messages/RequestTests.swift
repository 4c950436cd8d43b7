import CloseoutOutbound
import Testing

@Suite("Requests")
struct RequestTests {
    private func request(_ fields: OutboundRequest.Field...) throws -> OutboundRequest {
        try OutboundRequest(.post, to: Destination("https://e.example/"), fields: fields)
    }

    @Test(
        "fields that say where a message goes or ends are refused, whatever their case",
        arguments: [
            "Host", "host", "HOST", "Content-Length", "Transfer-Encoding", "Connection",
            "Keep-Alive",
            "TE", "Trailer", "Upgrade", "Expect", "Proxy-Authorization", "Proxy-Connection",
            "HTTP2-Settings", "Closeout-Exchange",
        ])
    func reservedNames(name: String) {
        #expect(throws: RequestRefusal.reservedName(field: 1)) {
            try request(.init("X", "y"), .init(name, "1"))
        }
    }

    @Test(
        "a name that is no token is refused",
        arguments: ["", " ", "X Y", "X:", "X\n", "X\r\nY", "Ü", "X\u{0}", "(x)", "X,Y", "X/Y"])
    func malformedNames(name: String) {
        #expect(throws: RequestRefusal.malformedName(field: 0)) { try request(.init(name, "1")) }
    }

    @Test(
        "a value with a line end or another control character is refused",
        arguments: ["secret\n", "secret\r\n", "\n", "a\r\nHost: b", "a\tb", "a\u{0}", "a\u{7f}"])
    func controlCharacters(value: String) {
        #expect(throws: RequestRefusal.controlCharacter(field: 0)) {
            try request(.init("X", value))
        }
    }

    @Test("a value beyond ASCII, or with a blank at an end, is refused")
    func otherValues() {
        #expect(throws: RequestRefusal.notASCII(field: 0)) { try request(.init("X", "ü")) }
        #expect(throws: RequestRefusal.blankAtEnd(field: 0)) { try request(.init("X", " a")) }
        #expect(throws: RequestRefusal.blankAtEnd(field: 0)) { try request(.init("X", "a ")) }
    }

    @Test("empty values, blanks within and names with marks are taken, in their order")
    func taken() throws {
        let fields: [OutboundRequest.Field] = [
            .init("X-B", ""), .init("x_a!", "a b"), .init("X-B", "2"),
        ]
        let request = try OutboundRequest(
            .put, to: Destination("https://e.example/"), fields: fields)
        #expect(request.fields == fields)
    }

    @Test("too many fields, or too many bytes of them, are refused")
    func limits() throws {
        let most = OutboundRequest.mostFields
        let destination = try Destination("https://e.example/")
        func request(_ count: Int, _ value: String) throws -> OutboundRequest {
            try OutboundRequest(
                .get, to: destination,
                fields: Array(repeating: OutboundRequest.Field("X", value), count: count))
        }
        #expect(try request(most, "").fields.count == most)
        #expect(throws: RequestRefusal.tooManyFields) { try request(most + 1, "") }
        let long = String(repeating: "a", count: OutboundRequest.mostFieldBytes - 1)
        #expect(try request(1, long).fields.count == 1)
        #expect(throws: RequestRefusal.fieldsTooLarge) { try request(1, long + "a") }
    }

    @Test("a refusal names the place of a field, and nothing of what it says")
    func refusalsAreSilent() throws {
        let canary = "canary-5c1f"
        for field in [
            OutboundRequest.Field("Authorization", "Bearer \(canary)\n"), .init(canary + "\n", "x"),
            .init("X", canary + "ü"), .init("X", canary + " "),
        ] {
            do {
                _ = try request(field)
                Issue.record("taken")
            } catch let refusal as RequestRefusal {
                let texts = ["\(refusal)", String(reflecting: refusal), refusal.sentence]
                #expect(!texts.contains { $0.contains(canary) })
                #expect(refusal.sentence.contains("field 1"))
            }
        }
    }
}
