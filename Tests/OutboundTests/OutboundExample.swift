import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Testing

/// The example with which the module opens.
@Suite("The example of the module Outbound", .requires("python3"), .requires("openssl"))
struct OutboundExample {
    @Test("sending one request")
    func example() async throws {
        try await withReceiver { receiver in
            let port = try receiver.port()
            let url = "https://127.0.0.1:\(port)/echo"
            let authorities = try receiver.authority.own.certificate()

            let destination = try Destination(url, ports: [443, port])
            let policy = AddressPolicy(allowing: [AddressRange("127.0.0.0/8")].compactMap { $0 })
            let tls = try OutboundTLS(authorities: authorities)
            let settings = OutboundSettings(addresses: policy, tls: tls)
            let client = OutboundClient(for: destination, settings: settings)
            let request = try OutboundRequest(.post, to: destination, body: Array("{}".utf8))
            let result = await client.send(request)
            #expect(result.response?.head.status == 200)
        }
    }
}
