import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("The identity of a server", .requires("openssl"))
struct ServerIdentityTests {
    /// The names of a certificate, and whom it proves.
    private static let rows: [(names: String, proven: [ServerIdentity])] = [
        ("DNS:a.example.com", [.name("a.example.com")]),
        ("DNS:*.example.com", [.name("a.example.com"), .name("b.example.com")]),
        ("DNS:other.org,DNS:A.Example.com", [.name("a.example.com")]),
        ("DNS:a*.example.com,DNS:*.com,DNS:*", []),
        ("IP:192.0.2.7,IP:2001:db8::7", [.address("192.0.2.7"), .address("2001:db8::7")]),
        ("DNS:192.0.2.7", []),
        ("email:a@example.com,URI:https://a.example.com", []),
    ]
    private static let asked: [ServerIdentity] = [
        .name("a.example.com"), .name("b.example.com"), .name("x.a.example.com"),
        .name("example.com"), .address("192.0.2.7"), .address("2001:db8::7"),
    ]

    @Test("is one of the names or addresses that its certificate is for, and never its subject")
    func names() async throws {
        try await withAuthority { root in
            for (index, row) in Self.rows.enumerated() {
                let leaf = try await root.certify(
                    "leaf-\(index)", ["subjectAltName=\(row.names)"], subject: "a.example.com")
                let certificate = try read(leaf)
                for identity in Self.asked {
                    #expect(
                        identity.isProven(by: certificate.der) == row.proven.contains(identity),
                        "\(row.names) \(identity)")
                }
                #expect(!ServerIdentity.name("a.example.com").isProven(by: [0x30, 0]))
            }
            let bare = try read(
                await root.certify("bare", ["keyUsage=digitalSignature"], subject: "a.example.com"))
            #expect(!ServerIdentity.name("a.example.com").isProven(by: bare.der))
        }
    }
}
