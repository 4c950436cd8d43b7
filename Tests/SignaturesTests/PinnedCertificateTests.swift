import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("A signer's own certificate in the policy", .requires("openssl"))
struct PinnedCertificateTests {
    @Test("counts by itself, of version 1 as of version 3, as openssl cms -verify says")
    func pinned() async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            for (name, extensions) in [
                ("v1", nil), ("plain", ["subjectKeyIdentifier=hash"]),
                ("authority", ["basicConstraints=critical,CA:TRUE"]),
            ] as [(String, [String]?)] {
                let own = try await root.selfSigned(name, extensions)
                let certificate = try read(own)
                let file = try await sign(seal.bytes, own)
                let holder = member("leaf_spki", try SHA256Digest.of(certificate.spki).hex)
                let results = try verify(policy(own, [holder])).verify(
                    file, as: .cms, over: seal)
                #expect(results.map(\.outcome) == [.accepted], "\(name)")
                try writeFile(seal.bytes, to: root.path("content"))
                try writeFile(file, to: root.path("file"))
                try await root.openssl([
                    "cms", "-verify", "-binary", "-inform", "DER", "-in", "file", "-content",
                    "content", "-CAfile", own.path, "-purpose", "any", "-out", "out",
                ])
            }
        }
    }

    @Test("makes nothing count that its key certified, not even for itself")
    func below() async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let key = try read(root.own)
            let again = try await root.certify("again", of: root.own)
            let other = try await root.certify("other")
            let holder = member("leaf_spki", try SHA256Digest.of(key.spki).hex)
            for (signer, isKnown) in [(again, true), (other, false)] {
                let outcomes = try await verify(policy(root.own, [holder])).verify(
                    sign(seal.bytes, signer), as: .cms, over: seal
                ).map(\.outcome)
                if isKnown {
                    guard case .certificate(.chain)? = outcomes.first else {
                        Issue.record("\(outcomes)")
                        continue
                    }
                } else {
                    #expect(outcomes == [.unknownKey])
                }
            }
            // Of version 1, it certifies nobody by any name.
            let below = try await root.certify("below")
            let v1 = try await root.selfSigned("root", nil)
            let byName = JSONMember("subjects", .array(["CN=below,O=Acme"]))
            let outcomes = try await verify(policy(v1, [byName])).verify(
                sign(seal.bytes, below), as: .cms, over: seal
            ).map(\.outcome)
            guard case .certificate(.chain)? = outcomes.first else {
                Issue.record("\(outcomes)")
                return
            }
        }
    }

    private func policy(
        _ own: Authority.Certified, _ members: [JSONMember]
    ) throws -> TrustPolicy {
        let entry = JSON.object(
            [
                member("id", "own"), member("operator", "acme"), member("format", "x509"),
                member("revocation", "none"), JSONMember("purposes", .array(["any"])),
                JSONMember("key", .string(try own.certificate())),
            ] + members)
        return try SignaturesTests.policy([entry], roles: ["archive": rule(["own"])])
    }

    /// Judged when certificates that were made just now are valid.
    private func verify(_ policy: TrustPolicy) throws -> SignatureVerifier {
        try SignaturesTests.verify(policy, asOf: "2030-01-01T00:00:00Z")
    }
}
