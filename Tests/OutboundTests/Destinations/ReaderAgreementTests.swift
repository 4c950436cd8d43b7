import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite("Destinations and other readers of URLs")
struct ReaderAgreementTests {
    private static let samples = [
        "https://hooks.example.com:8443/services/T0/B0?a=1&b=%20x", "https://192.0.2.1/a",
        "https://[2001:db8::1]:8443/a", "https://e.example./a%2Fb/c;d=1",
    ]
    private static let tokens = [
        "@", ":", "/", "//", "\\", "?", "#", "%2e", "%2f", "..", ".", "[", "]", "::", "0x7f", "%00",
        "%25", ":443", ":80@", "https://", "http://", "user:pass@", "127.1", ";", "xn--", "\r\n",
        "ü", "。", "٠", "%E2%80%8B",
    ]

    private static let ports = Set(UInt16.min...UInt16.max)

    /// Mutated URLs that are taken, in the form in which they are sent.
    private func taken() -> [Destination] {
        Self.samples.enumerated().flatMap { index, sample in
            mutations(
                of: Array(sample.utf8), seed: UInt64(index), count: 10_000, tokens: Self.tokens
            ).compactMap { bytes in
                try? Destination(String(decoding: bytes, as: UTF8.self), ports: Self.ports)
            }
        }
    }

    @Test("whatever is taken is in its one form, which is taken again and is the same")
    func oneForm() throws {
        let destinations = taken()
        #expect(destinations.count > 500)
        for destination in destinations {
            let again = try Destination(destination.url, ports: [destination.port])
            #expect(again == destination)
            #expect(again.url == destination.url)
            #expect(destination.url.utf8.allSatisfy { (0x21...0x7e).contains($0) })
        }
    }

    @Test(
        "the reader that the client uses sees the same host, port and target in whatever is taken")
    func foundation() throws {
        for destination in taken() {
            let url = try #require(URL(string: destination.url))
            #expect(url.scheme == "https")
            #expect(url.user == nil && url.password == nil && url.fragment == nil)
            let host = url.host.map { String($0.drop { $0 == "[" }.prefix { $0 != "]" }) }
            #expect(host == destination.host.name)
            #expect(UInt16(url.port ?? 443) == destination.port)
            let query = url.query(percentEncoded: true).map { "?" + $0 } ?? ""
            #expect(url.path(percentEncoded: true) + query == destination.target)
        }
    }

    @Test("so does Python's, for whatever is taken", .requires("python3"))
    func python() async throws {
        let script = """
            import sys, urllib.parse
            for line in sys.stdin:
                url = urllib.parse.urlsplit(line.rstrip("\\n"))
                query = line.rstrip("\\n").find("?") >= 0
                print(url.scheme, url.hostname, url.port or 443, url.path + ("?" + url.query if query else ""),
                      url.username, url.fragment == "")
            """
        let destinations = taken()
        let input = destinations.map { $0.url + "\n" }.joined()
        let output = try await runSuccessfully("python3", ["-c", script], stdin: Array(input.utf8))
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == destinations.count)
        for (line, destination) in zip(lines, destinations) {
            let expected =
                "https \(destination.host.name) \(destination.port) \(destination.target) None True"
            #expect(String(line) == expected)
        }
    }

    @Test("no mutated address, range or field of a response ends the program")
    func others() {
        let decoders: [(String, (String) -> Void)] = [
            (
                "2001:db8::192.0.2.1",
                { _ = IPAddress($0).map { #expect(IPAddress($0.description) == $0) } }
            ),
            (
                "2001:db8::/32",
                { _ = AddressRange($0).map { #expect(AddressRange($0.description) == $0) } }
            ),
            ("Sun, 06 Nov 1994 08:49:37 GMT", { _ = RetryAfter($0) }),
        ]
        for (sample, decode) in decoders {
            for bytes in mutations(
                of: Array(sample.utf8), seed: 3, count: 20_000,
                tokens: ["::", ":", "/", ".", "ffff"])
            {
                decode(String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
