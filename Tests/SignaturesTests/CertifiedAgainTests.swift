import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Keys that were certified again", .requires("openssl"))
struct CertifiedAgainTests {
    private func results(
        of file: [UInt8], below root: Authority, _ certificates: [Certificate]
    ) throws -> [SignatureResult.Outcome] {
        let entry = JSON.object([
            member("id", "ca"), member("operator", "acme"), member("format", "x509"),
            JSONMember("key", .string(try root.own.certificate())),
            JSONMember("subjects", .array(["CN=leaf,O=Acme", "CN=old,O=Acme"])),
            member("revocation", "none"),
        ])
        let verifier = SignatureVerifier(
            policy: try policy([entry], roles: ["release": rule(["ca"])]),
            asOf: try at("2026-06-01T00:00:00Z"), release: "payments",
            material: UntrustedCertificates(certificates: certificates))
        return try verifier.verify(file, as: .cms, over: seal).map(\.outcome)
    }

    @Test("count by any certificate that the signer names by the key, whatever else is at hand")
    func best() async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let leaf = try await root.certify("leaf")
            let old = try await root.certify("old", to: "20260101000000Z", of: leaf)
            let file = try await sign(seal.bytes, leaf, ["-keyid", "-nocerts"])
            let (new, expired) = (try read(leaf), try read(old))
            #expect(try results(of: file, below: root, [new, expired]) == [.accepted])
            #expect(try results(of: file, below: root, [expired, new]) == [.accepted])
            let outcomes = try results(of: file, below: root, [expired])
            guard case .timeUnknown? = outcomes.first else {
                Issue.record("\(outcomes)")
                return
            }
            let missing = try #require(results(of: file, below: root, []).first)
            #expect(missing.name == "notAcceptable")
            #expect(missing.reason.contains("certificate, with the key identifier"))
            // By issuer and serial number it names one.
            let other = try await sign(seal.bytes, old, ["-nocerts"])
            let named = try results(of: other, below: root, [new, expired])
            #expect(named == outcomes)
        }
    }
}
