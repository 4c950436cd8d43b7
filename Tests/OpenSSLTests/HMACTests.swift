import CloseoutEncodings
import CloseoutOpenSSL
import Testing

@Suite("Keyed digests")
struct HMACTests {
    /// Test cases 1 to 4, 6 and 7 of RFC 4231, SHA-256 and SHA-512.
    private struct Row: Sendable {
        let key: [UInt8]
        let message: [UInt8]
        let sha256: String
        let sha512: String
    }

    private static let rows = [
        Row(
            key: Array(repeating: 0x0b, count: 20), message: Array("Hi There".utf8),
            sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            sha512: "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"),
        Row(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            sha512: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"),
        Row(
            key: Array(repeating: 0xaa, count: 20), message: Array(repeating: 0xdd, count: 50),
            sha256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            sha512: "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
                + "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"),
        Row(
            key: Array(repeating: 0xaa, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            sha512: "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"),
    ]

    @Test("equal those of RFC 4231", arguments: 0..<rows.count)
    func published(index: Int) throws {
        let row = Self.rows[index]
        #expect(Hex.string(try hmac(.sha256, of: row.message, key: row.key)) == row.sha256)
        #expect(Hex.string(try hmac(.sha512, of: row.message, key: row.key)) == row.sha512)
    }

    @Test("take an empty key and an empty message")
    func empty() throws {
        #expect(
            Hex.string(try hmac(.sha256, of: [], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }
}
