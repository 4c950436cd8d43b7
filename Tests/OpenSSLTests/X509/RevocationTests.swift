import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Revocation lists", .requires("openssl"))
struct RevocationTests {
    @Test("a list says who was revoked, when and why")
    func whoAndWhy() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let chain = try [read(leaf), read(root.own)]
            let plain = try await list(root, [.init(leaf, at: "260301000000Z")])
            let found = try entries(of: chain, [plain])
            #expect(found.map(\.at) == [1_772_323_200])
            #expect(found.map(\.isKeyCompromise) == [false])
            #expect(found.map(\.isOrderly) == [false])
            #expect(found.map(\.subject) == [bytes("CN=leaf,O=Acme")])
            let stolen = try await list(
                root,
                [.init(leaf, at: "260301000000Z", reason: ",keyTime,20260201000000Z")])
            let grave = try entries(of: chain, [stolen])
            #expect(grave.map(\.isKeyCompromise) == [true])
            #expect(grave.map(\.invalidSince) == [1_769_904_000])
            #expect(try gap(in: chain, [stolen]) == nil)
        }
    }

    @Test("every certificate below the anchor has to be covered, by its own issuer's list")
    func coverage() async throws {
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle")
            let leaf = try await middle.certify("leaf")
            let chain = try [read(leaf), read(middle.own), read(root.own)]
            let (ofRoot, ofMiddle) = (try await list(root), try await list(middle))
            #expect(try gap(in: chain, [ofRoot, ofMiddle]) == nil)
            #expect(try gap(in: chain, [ofRoot])?.subject == bytes("CN=leaf,O=Acme"))
            #expect(try gap(in: chain, [ofMiddle])?.subject == bytes("CN=middle,O=Acme"))
            #expect(try gap(in: chain, []) != nil)
            // The anchor needs none.
            #expect(try gap(in: [read(root.own)], []) == nil)
            let revoking = try await list(root, [.init(middle.own, at: "260301000000Z")])
            #expect(try entries(of: chain, [ofMiddle, revoking]).count == 1)
        }
    }

    @Test("a list of another authority with the same name, or by SHA-1, covers nothing")
    func foreign() async throws {
        try await withAuthority { root in
            try await withAuthority { impostor in
                let leaf = try await root.certify("leaf")
                let chain = try [read(leaf), read(root.own)]
                let forged = try await list(impostor, [.init(leaf, at: "260301000000Z")])
                #expect(try entries(of: chain, [forged]) == [])
                #expect(try gap(in: chain, [forged]) != nil)
                // Neither if the impostor's own certificate comes along.
                let own = [try read(impostor.own)]
                #expect(try entries(of: chain, [forged], besides: own) == [])
                #expect(try gap(in: chain, [forged], besides: own) != nil)
                let weak = try RevocationListReading.read(
                    await root.revocationList(digest: "sha1"))
                #expect(try gap(in: chain, [weak])?.reason.contains("not accepted") == true)
            }
        }
    }

    @Test("material takes PEM with any number of certificates and lists, or one in DER")
    func material() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let pem = try await root.revocationList()
            var material = UntrustedCertificates()
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

}

/// Makes a list and reads it.
func list(
    _ authority: Authority, _ revoked: [Authority.Revoked] = [], extensions: [String] = []
) async throws -> RevocationList {
    try RevocationListReading.read(
        await authority.revocationList(revoked, extensions: extensions))
}

/// What lists say of a chain whose anchor is its end.
func entries(
    of chain: [Certificate], _ lists: [RevocationList], besides others: [Certificate] = []
) throws -> [Revocation] {
    var reader = try reader(of: chain, lists, others)
    return try reader.entries()
}

/// What lists say of such a chain of which nobody knows whether they speak for it.
func doubts(
    of chain: [Certificate], _ lists: [RevocationList], besides others: [Certificate] = []
) throws -> [RevocationDoubt] {
    var reader = try reader(of: chain, lists, others)
    return try reader.doubts()
}

/// What of a chain lists do not cover, whatever their times.
func gap(
    in chain: [Certificate], _ lists: [RevocationList], besides others: [Certificate] = []
) throws -> RevocationGap? {
    var reader = try reader(of: chain, lists, others)
    return try reader.gap { _ in true }
}

private func reader(
    of chain: [Certificate], _ lists: [RevocationList], _ others: [Certificate]
) throws -> RevocationReader {
    RevocationReader(
        chain: chain,
        builder: ChainBuilder(
            anchor: try #require(chain.last), untrusted: Array(chain.dropFirst())),
        lists: lists, material: UntrustedCertificates(certificates: others))
}

/// Reads a list that an authority made.
enum RevocationListReading {
    static func read(_ pem: [UInt8]) throws -> RevocationList {
        var material = UntrustedCertificates()
        try material.add(pem)
        return try #require(material.revocationLists.first)
    }
}
