import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite("What is printed", .serialized, .requires("python3"), .requires("openssl"))
struct SecrecyTests {
    private static let canary = "canary-7e41b2"

    /// Every text that a value can be turned into.
    private func texts(of value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        let labels = Mirror(reflecting: value).children.map { "\($0)" }
        return ["\(value)", String(describing: value), String(reflecting: value), dumped] + labels
    }

    private func expectSilence(_ value: some Any, _ words: String...) {
        for text in texts(of: value) {
            for word in [Self.canary] + words { #expect(!text.contains(word), "\(word)") }
        }
    }

    @Test(
        "a destination, a field and a request show nothing of themselves, alone or inside of others"
    )
    func requests() throws {
        let canary = Self.canary
        let destination = try Destination("https://\(canary).example/\(canary)?\(canary)")
        let field = OutboundRequest.Field("Authorization", "Bearer \(canary)")
        let request = try OutboundRequest(
            .post, to: destination, fields: [field], body: Array(canary.utf8))
        expectSilence(destination)
        expectSilence(destination.host)
        expectSilence(field)
        expectSilence(request, "Authorization", "99, 97, 110")
        expectSilence([request])
        expectSilence(["a": Optional(request)])
        expectSilence((request, destination, field))
        #expect("\(request)" == "[POST request with 13 bytes]")
    }

    @Test("a refused destination or field shows nothing of itself, with a line end behind it too")
    func refusals() throws {
        let canary = Self.canary
        for url in [
            "https://\(canary)\n", "http://\(canary)/", "https://u:\(canary)@e.example/",
            "https://\(canary)_.example/", "https://e.example/\(canary)#", "\(canary)://x/",
        ] {
            do {
                _ = try Destination(url)
                Issue.record("taken")
            } catch {
                expectSilence(error)
            }
        }
    }

    @Test("no result shows a word of the request, the receiver or an error")
    func results() async throws {
        let canary = Self.canary
        try await withReceiver { authority in
            _ = try await authority.certify("wrong", ["subjectAltName=DNS:\(canary).test"])
            return ["wrong"]
        } _: { receiver in
            let targets = [
                "/echo", "/redirect/302/1", "/retry", "/cut", "/reset", "/garbage", "/large-head",
                "/bytes/70000", "/status/500", "/trickle", "/stall",
            ]
            let settings = try receiver.settings()
            for (listener, targets) in [
                ("receiver", targets), ("wrong", ["/x"]), ("unheard", ["/x"]), ("plain", ["/x"]),
                ("old", ["/x"]), ("closing", ["/x"]), ("demanding", ["/x"]),
            ] {
                for target in targets {
                    var settings = settings
                    if ["/trickle", "/stall"].contains(target) { settings.deadline = .seconds(1) }
                    let destination = try receiver.destination(
                        "\(target)?\(canary)", at: listener)
                    let client = OutboundClient(
                        for: destination, settings: settings, resolver: .loopback)
                    let request = try OutboundRequest(
                        .post, to: destination, fields: [.init("Authorization", canary)],
                        body: Array(canary.utf8))
                    let result = await client.send(request)
                    expectSilence(
                        result, "receiver.test", "127.0.0.1", "BoringSSL", "/src/", ".swift")
                }
            }
        }
    }
}
