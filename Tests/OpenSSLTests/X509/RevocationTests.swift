import OpenSSL
import TestSupport
import Testing

@Suite("Revocation lists", .requires("openssl"))
struct RevocationTests {
    @Test("a list tells who was revoked, when and why")
    func entries() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let chain = try [read(leaf), read(root.own)]
            let builder = ChainBuilder(anchor: chain[1], untrusted: [])
            let plain = try await list(root, [.init(leaf, at: "260301000000Z")])
            let found = try builder.revocations(in: chain, by: [plain])
            #expect(found.map(\.at) == [1_772_323_200])
            #expect(found.map(\.isKeyCompromise) == [false])
            #expect(found.map(\.isOrderly) == [false])
            #expect(found.map(\.subject) == [bytes("CN=leaf,O=Acme")])
            let stolen = try await list(
                root,
                [.init(leaf, at: "260301000000Z", reason: ",keyTime,20260201000000Z")])
            let grave = try builder.revocations(in: chain, by: [stolen])
            #expect(grave.map(\.isKeyCompromise) == [true])
            #expect(grave.map(\.invalidSince) == [1_769_904_000])
            #expect(try builder.gap(in: chain, coveredBy: [stolen]) == nil)
        }
    }

    @Test("every certificate below the anchor has to be covered, by its own issuer's list")
    func coverage() async throws {
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle")
            let leaf = try await middle.certify("leaf")
            let chain = try [read(leaf), read(middle.own), read(root.own)]
            let builder = ChainBuilder(anchor: chain[2], untrusted: [])
            let (ofRoot, ofMiddle) = (try await list(root), try await list(middle))
            #expect(try builder.gap(in: chain, coveredBy: [ofRoot, ofMiddle]) == nil)
            #expect(try builder.gap(in: chain, coveredBy: [ofRoot]) != nil)
            #expect(try builder.gap(in: chain, coveredBy: [ofMiddle]) != nil)
            #expect(try builder.gap(in: chain, coveredBy: []) != nil)
            let revoking = try await list(root, [.init(middle.own, at: "260301000000Z")])
            #expect(try builder.revocations(in: chain, by: [ofMiddle, revoking]).count == 1)
        }
    }

    @Test(
        "delta and indirect lists count for nothing",
        arguments: [
            "2.5.29.27=critical,DER:020101", "issuingDistributionPoint=critical,indirectCRL:TRUE",
        ])
    func deltaAndIndirect(line: String) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let chain = try [read(leaf), read(root.own)]
            let builder = ChainBuilder(anchor: chain[1], untrusted: [])
            let lines =
                line.contains("issuing")
                ? ["issuingDistributionPoint=critical,@point", "[point]", "indirectCRL=TRUE"]
                : [line]
            let made = try await list(
                root, [.init(leaf, at: "260301000000Z")], extensions: lines)
            #expect(made.defect != nil)
            #expect(try builder.revocations(in: chain, by: [made]) == [])
            #expect(try builder.gap(in: chain, coveredBy: [made]) != nil)
        }
    }

    @Test("a list of another authority with the same name, or by SHA-1, counts for nothing")
    func foreign() async throws {
        try await withAuthority { root in
            try await withAuthority { impostor in
                let leaf = try await root.certify("leaf")
                let chain = try [read(leaf), read(root.own)]
                let builder = ChainBuilder(anchor: chain[1], untrusted: [])
                let forged = try await list(impostor, [.init(leaf, at: "260301000000Z")])
                #expect(try builder.revocations(in: chain, by: [forged]) == [])
                #expect(try builder.gap(in: chain, coveredBy: [forged]) != nil)
                let weak = try RevocationListReading.read(
                    await root.revocationList(digest: "sha1"))
                #expect(weak.defect != nil)
            }
        }
    }

    @Test("material takes PEM with any number of certificates and lists, or one in DER")
    func material() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let pem = try await root.revocationList()
            var material = CertificateMaterial()
            try material.add(leaf.certificate() + pem + root.own.certificate())
            try material.add(read(leaf).der)
            try material.add(RevocationListReading.read(pem).der)
            #expect(material.certificates.count == 3)
            #expect(material.revocationLists.count == 2)
            for bad in [[], bytes("x"), try leaf.key(), try read(leaf).der + [0]] {
                #expect(throws: CertificateError.self) { try material.add(bad) }
            }
        }
    }

    private func list(
        _ authority: Authority, _ revoked: [Authority.Revoked] = [], extensions: [String] = []
    ) async throws -> RevocationList {
        try RevocationListReading.read(
            await authority.revocationList(revoked, extensions: extensions))
    }
}

/// Reads a list that an authority made.
enum RevocationListReading {
    static func read(_ pem: [UInt8]) throws -> RevocationList {
        var material = CertificateMaterial()
        try material.add(pem)
        return try #require(material.revocationLists.first)
    }
}
