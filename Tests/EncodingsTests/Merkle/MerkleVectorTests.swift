import CloseoutEncodings
import CloseoutOpenSSL
import Testing

/// The eight entries, roots and proofs that Certificate Transparency implementations share.
@Suite struct MerkleVectorTests {
    static let entries: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57], Array(0x60...0x6F),
    ]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test("gives the published root for each size", arguments: 0...8)
    func root(size: Int) throws {
        let leaves = try Self.entries.prefix(size).map { try Merkle.leafHash($0) }
        #expect(try Merkle.root(of: leaves).hex == Self.roots[size])
        #expect(try MerkleTree(leaves).root.hex == Self.roots[size])
    }

    @Test("gives the published proof that a tree of 6 grew into one of 8")
    func consistency() throws {
        let tree = try MerkleTree(Self.entries.map { entry in try Merkle.leafHash(entry) })
        let published = [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            Self.roots[4],
        ]
        #expect(tree.consistencyPath(from: 6)?.map(\.hex) == published)
    }

    @Test("gives the published proof of the sixth of eight leaves")
    func inclusion() throws {
        let tree = try MerkleTree(Self.entries.map { entry in try Merkle.leafHash(entry) })
        let published = [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            Self.roots[4],
        ]
        #expect(tree.inclusionPath(of: 5)?.map(\.hex) == published)
    }

    @Test("accepts the proof between two tree heads that a witness's test suite published")
    func witnessVector() throws {
        let old = try #require(SHA256Digest([0x2A] + [UInt8](repeating: 0, count: 31)))
        let path = try [
            "2a01000000000000000000000000000000000000000000000000000000000000",
            "f9f50357e93def4078237b8aaea24ce1a3f5965a0f64ff26bebd99e30470d8b2",
            "2a04000000000000000000000000000000000000000000000000000000000000",
        ].map { try digest($0) }
        let new = try digest("42bb57ad06420afa4882c4a63ac6a1ec77480b330b2f20dfc53a0caa5f564e36")
        #expect(
            try Merkle.verifyConsistency(from: 1, oldRoot: old, to: 5, newRoot: new, path: path))
        #expect(
            try !Merkle.verifyConsistency(from: 2, oldRoot: old, to: 5, newRoot: new, path: path))
    }

    private func digest(_ hex: String) throws -> SHA256Digest {
        try #require(SHA256Digest(hex: Array(hex.utf8)))
    }
}
