import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite("Certificates", .serialized, .requires("python3"), .requires("openssl"))
struct TLSTests {
    @Test(
        "a certificate that is expired, not yet valid, for another name or use, or signed by itself is not accepted"
    )
    func badCertificates() async throws {
        let usage = ["extendedKeyUsage=serverAuth"]
        let name = ["subjectAltName=DNS:\(Receiver.name)"]
        let names = [
            "expired", "early", "other", "partial", "subject", "address", "client-only", "self",
        ]
        try await withReceiver { authority in
            _ = try await authority.certify(
                "expired", usage + name, from: "20250101000000Z", to: "20250201000000Z")
            _ = try await authority.certify(
                "early", usage + name, from: "20600101000000Z", to: "20610101000000Z")
            _ = try await authority.certify("other", usage + ["subjectAltName=DNS:other.test"])
            // The common name alone is no name of a server, and a name is no address.
            _ = try await authority.certify("subject", usage)
            _ = try await authority.certify(
                "address", usage + ["subjectAltName=IP:127.0.0.1,IP:::1"])
            _ = try await authority.certify(
                "partial",
                usage + ["subjectAltName=DNS:x.\(Receiver.name),DNS:*.test.\(Receiver.name)"])
            _ = try await authority.certify(
                "client-only", ["extendedKeyUsage=clientAuth"] + name)
            _ = try await authority.selfSigned("self", usage + name)
            return names
        } _: { receiver in
            for listener in names {
                let failure = try await receiver.send("/echo", at: listener).failure
                #expect(failure == .certificateNotAccepted, "\(listener)")
            }
            _ = try await receiver.count("connection", reaching: names.count)
            // A further attempt would be made soon, and be seen here.
            try await Task.sleep(for: .milliseconds(300))
            #expect(try receiver.count("connection") == names.count)
            #expect(try receiver.count("request") == 0)
        }
    }

    @Test("an authority that is not trusted is not accepted, nor is it by the roots of the system")
    func otherAuthority() async throws {
        try await withReceiver { receiver in
            var settings = try receiver.settings()
            settings.tls = .system
            let failure = try await receiver.send("/echo", settings: settings).failure
            #expect(failure == .certificateNotAccepted)
            try await withTemporaryDirectory { folder in
                let other = try await Authority.root(in: folder)
                settings.tls = try OutboundTLS(authorities: try other.own.certificate())
                let failure = try await receiver.send("/echo", settings: settings).failure
                #expect(failure == .certificateNotAccepted)
            }
            #expect(try receiver.count("request") == 0)
        }
    }

    @Test("an address in place of a name is compared with the addresses in the certificate")
    func literals() async throws {
        let extensions = [
            "extendedKeyUsage=serverAuth", "subjectAltName=DNS:127.0.0.1,IP:127.0.0.2",
        ]
        try await withReceiver { authority in
            _ = try await authority.certify("elsewhere", extensions)
            return ["elsewhere"]
        } _: { receiver in
            func send(at listener: String) async throws -> OutboundResult {
                let destination = try receiver.destination(at: listener, host: "127.0.0.1")
                let client = OutboundClient(for: destination, settings: try receiver.settings())
                return await client.send(try OutboundRequest(.get, to: destination))
            }
            let fitting = try await send(at: "receiver")
            #expect(fitting.response?.head.status == 200)
            let other = try await send(at: "elsewhere")
            #expect(other.failure == .certificateNotAccepted)
        }
    }

    @Test(
        "a receiver that demands a certificate gets the client's, and without one nothing is accepted"
    )
    func clientCertificate() async throws {
        try await withReceiver { receiver in
            let authority = try await receiver.authority.authority(named: "clients")
            let own = try await authority.certify("client", ["extendedKeyUsage=clientAuth"])
            var settings = try receiver.settings()
            settings.tls = try OutboundTLS(
                authorities: try receiver.authority.own.certificate(),
                certificate: try own.certificate() + authority.own.certificate(),
                key: try own.key())
            let result = try await receiver.send("/echo", at: "demanding", settings: settings)
            #expect(result.response?.head.status == 200)

            // In TLS 1.3 the client learns of it after it has sent its request.
            let failure = try await receiver.send("/echo", at: "demanding").failure
            #expect([.noResponse(.tlsFailed), .noResponse(.cut), .tlsFailed].contains(failure))
            #expect(try receiver.count("request demanding") == 1)
            #expect(try await receiver.count("no-handshake demanding", reaching: 1) == 1)
        }
    }

    @Test("what is no certificate or key is refused when it is given")
    func refusals() async throws {
        try await withTemporaryDirectory { folder in
            let authority = try await Authority.root(in: folder)
            let one = try await authority.certify("one")
            let two = try await authority.certify("two")
            let (certificate, key) = (try one.certificate(), try one.key())
            let text = Array("no PEM".utf8)
            func refuses(
                _ reason: OutboundTLS.Refusal, authorities: [UInt8]? = nil,
                certificate: [UInt8]? = nil, key: [UInt8]? = nil
            ) {
                #expect(throws: reason) {
                    try OutboundTLS(authorities: authorities, certificate: certificate, key: key)
                }
            }
            refuses(.authorities, authorities: text)
            refuses(.authorities, authorities: [])
            refuses(.half, certificate: certificate)
            refuses(.half, key: key)
            refuses(.certificate, certificate: text, key: key)
            refuses(.key, certificate: certificate, key: text)
            refuses(.pair, certificate: certificate, key: try two.key())
            let tls = try OutboundTLS(certificate: certificate, key: key)
            #expect("\(tls)" == "[TLS]")
        }
    }
}
