import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite("Exchanges with a receiver", .requires("python3"), .requires("openssl"))
struct ExchangeTests {
    @Test("a request arrives as it was made, and its answer comes back")
    func echo() async throws {
        try await withReceiver { receiver in
            let destination = try receiver.destination("/echo/a%2Fb//c;v=1?x=%7B1%7D&y=~!$'()*+,")
            let request = try OutboundRequest(
                .post, to: destination,
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
                    "POST /echo/a%2Fb//c;v=1?x=%7B1%7D&y=~!$'()*+, HTTP/1.1",
                    "Content-Type: application/json", "X-One: 1", "X-One: 2",
                    "host: receiver.test:\(port)", "Content-Length: 7", "", #"{"a":1}"#,
                ])
            #expect(try receiver.count("request") == 1)
        }
    }
}
