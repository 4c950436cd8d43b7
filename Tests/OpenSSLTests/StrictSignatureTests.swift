import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Signatures in a second spelling")
struct StrictSignatureTests {
    static let curves: [(KeyType, SignatureAlgorithm, String)] = [
        (
            .p256, .ecdsaP256SHA256,
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
        ),
        (
            .p384, .ecdsaP384SHA384,
            """
            ffffffffffffffffffffffffffffffffffffffffffffffff
            c7634d81f4372ddf581a0db248b0a77aecec196accc52973
            """
        ),
    ]

    @Test("of ECDSA, which is not the shortest DER, are refused", arguments: curves)
    func ecdsaSpelling(type: KeyType, algorithm: SignatureAlgorithm, order: String) throws {
        let (key, r, s) = try integers(type, algorithm)
        func accepts(_ signature: [UInt8]) throws -> Bool {
            try key.accepts(signature, over: message, algorithm: algorithm)
        }
        let good = element(0x30, element(2, r) + element(2, s))
        #expect(try accepts(good))
        let spellings = [
            element(0x30, element(2, [0] + r) + element(2, s)),
            element(0x30, element(2, r) + element(2, [0] + s)),
            element(0x30, element(2, r) + element(2, s) + element(2, [1])),
            element(0x30, element(2, r) + element(2, s) + [0]),
            element(0x30, element(2, r)),
            element(0x30, element(2, s) + element(2, r)),
            element(0x31, element(2, r) + element(2, s)),
            element(0x30, [2, 0x81, UInt8(r.count)] + r + element(2, s)),
            [0x30, 0x82, 0, UInt8(good.count - 2)] + good.dropFirst(2),
            [0x30, 0x80] + good.dropFirst(2) + [0, 0],
            good + [0],
        ]
        for spelling in spellings {
            #expect(try !accepts(spelling), "\(hex(spelling))")
        }
    }

    @Test(
        "of ECDSA with r or s zero, negative or not below the order are refused", arguments: curves)
    func ecdsaRange(type: KeyType, algorithm: SignatureAlgorithm, order: String) throws {
        let (key, r, s) = try integers(type, algorithm)
        let order = unhex(order)
        let tooLarge = [UInt8](repeating: 0xFF, count: order.count + 8)
        let wrong: [[UInt8]] = [[], [0], [0xFF], [0x80] + r, [0] + order, [0] + tooLarge]
        for value in wrong {
            for pair in [element(2, value) + element(2, s), element(2, r) + element(2, value)] {
                #expect(try !key.accepts(element(0x30, pair), over: message, algorithm: algorithm))
            }
        }
        let shifted = [0] + adding(s, order)
        #expect(
            try !key.accepts(
                element(0x30, element(2, r) + element(2, shifted)), over: message,
                algorithm: algorithm))
    }

    /// With r = -h/d mod n and s = 1 verifying adds two points that cancel out.
    ///
    /// The private key is 7.
    static let infinite: [(key: String, signature: String, algorithm: SignatureAlgorithm)] = [
        (
            """
            3059301306072a8648ce3d020106082a8648ce3d030107034200048e533b6fa0bf7b4625bb30667c01fb607e
            f9f8b8a80fef5b300628703187b2a373eb1dbde03318366d069f83a6f5900053c73633cb041b21c55e1a86c1
            f400b4
            """,
            "3026022100f6638c79d90ca26249b2f357bf858ad352e32a91323f78ec2773dfa97a1560fc020101",
            .ecdsaP256SHA256
        ),
        (
            """
            3076301006072a8648ce3d020106052b8104002203620004283c1d7365ce4788f29f8ebf234edffead6fe997
            fbea5ffa2d58cc9dfa7b1c508b05526f55b9ebb2040f05b48fb6d0e19475c99061e41b88ba52efdb8c169047
            1a61d867ed799729d9c92cd01dbd225630d84ede32a78f9e64664cdac512ef8c
            """,
            """
            303502303ee4c45c9bb20c4cf613062ab94b353560e851a8b98943003113ffcc01c2944572801e8f60d80ea3
            2ab0696cd2f4a3a8020101
            """, .ecdsaP384SHA384
        ),
        (
            """
            30819b301006072a8648ce3d020106052b8104002303818600040056d5d1d99d5b7f6346eeb65fda0b073a0c
            5f22e0e8f5483228f018d2c2f7114c5d8c308d0abfc698d8c9a6df30dce3bbc46f953f50fdc2619a01cead88
            2816ecd4003d2d1b7d9baaa2a110d1d8317a39d68478b5c582d02824f0dd71dbd98a26cbde556bd0f293cdec
            9e2b9523a34591ce1a5f9e76712a5ddefc7b5c6b8bc90525251b
            """,
            """
            3048024301b6db590274a5405327aebbc48da6178c891761f12c7f17139bc5ac93dd4a2c60c94d73dcb6f0af
            ee96e1f8398b4e332979b7da83a14f40bee1710b44b85b9218c649020101
            """, .ecdsaP521SHA512
        ),
    ]

    @Test(
        "of ECDSA that meet the point at infinity are no signatures, and no error", arguments: 0..<3
    )
    func infinity(index: Int) throws {
        let (key, signature, algorithm) = Self.infinite[index]
        let publicKey = try PublicKey(spki: unhex(key))
        let bytes = unhex(signature)
        #expect(try !publicKey.accepts(bytes, over: Array("content\n".utf8), algorithm: algorithm))
        // libcrypto answers as it should afterwards.
        let own = try PrivateKey.generate(algorithm.keyType)
        let good = try own.sign(message, algorithm: algorithm)
        #expect(try own.publicKey.accepts(good, over: message, algorithm: algorithm))
    }

    @Test("of RSA-PSS have the salt that is asked for", arguments: [0, 20, 32, 48, 64, 190])
    func salts(length: Int) async throws {
        let key = try samplePublicKey(.rsa)
        let signature = try await runSuccessfully(
            "openssl",
            [
                "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt",
                "rsa_pss_saltlen:\(length)", "-sign", samplePath("rsa2048.pem"),
            ], stdin: message)
        func accepts(_ salt: PSSSalt) throws -> Bool {
            try key.accepts(signature, over: message, algorithm: .rsaPSSSHA256, salt: salt)
        }
        #expect(try accepts(.any))
        #expect(try accepts(.exactly(length)))
        #expect(try accepts(.hashLength) == (length == 32))
        for other in [-1, 0, 31, 33, 190, 256, 1 << 40] where other != length {
            #expect(try !accepts(.exactly(other)), "\(other)")
        }
        #expect(try !key.accepts(signature, over: [1], algorithm: .rsaPSSSHA256, salt: .any))
        #expect(try !key.accepts(signature, over: message, algorithm: .rsaPSSSHA384, salt: .any))
    }

    @Test("of ECDSA side by side become DER, which is what is verified", arguments: curves)
    func p1363(type: KeyType, algorithm: SignatureAlgorithm, order: String) throws {
        let size = unhex(order).count
        let key = try samplePrivateKey(type)
        for round in UInt8(0)..<40 {
            let der = try key.sign([round], algorithm: algorithm)
            let (r, s) = try split(der)
            let sides = padded(r, to: size) + padded(s, to: size)
            #expect(PublicKey.derSignature(fromP1363: sides, type: type) == der)
            #expect(try !key.publicKey.accepts(sides, over: [round], algorithm: algorithm))
        }
        for count in [0, 1, 2 * size - 1, 2 * size + 1] {
            let sides = [UInt8](repeating: 1, count: count)
            #expect(PublicKey.derSignature(fromP1363: sides, type: type) == nil)
        }
        let zero = [UInt8](repeating: 0, count: 2 * size)
        let der = try #require(PublicKey.derSignature(fromP1363: zero, type: type))
        #expect(try !key.publicKey.accepts(der, over: message, algorithm: algorithm))
        #expect(PublicKey.derSignature(fromP1363: zero, type: .ed25519) == nil)
    }

    @Test("of Ed25519 with S not below the order are refused")
    func ed25519Order() throws {
        let order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        let key = try samplePrivateKey(.ed25519)
        let signature = try key.sign(message, algorithm: .ed25519)
        let sum = adding(signature.suffix(32).reversed(), order.reversed())
        let shifted = Array(signature.prefix(32)) + sum.reversed()
        #expect(shifted.count == 64)
        #expect(try key.publicKey.accepts(signature, over: message, algorithm: .ed25519))
        #expect(try !key.publicKey.accepts(shifted, over: message, algorithm: .ed25519))
    }

    @Test("of RSA, shorter or not below the modulus, are refused")
    func rsaRange() throws {
        let key = try samplePrivateKey(.rsa)
        for algorithm: SignatureAlgorithm in [.rsaPSSSHA256, .rsaPKCS1SHA256] {
            let high = [UInt8](repeating: 0xFF, count: 256)
            let zero = [UInt8](repeating: 0, count: 256)
            for signature in [high, zero, [0] + high, [1]] {
                #expect(try !key.publicKey.accepts(signature, over: message, algorithm: algorithm))
            }
        }
    }

    private let message = bytes("one message")

    /// The contents of the integers of a signature over the message.
    private func integers(
        _ type: KeyType, _ algorithm: SignatureAlgorithm
    ) throws -> (PublicKey, [UInt8], [UInt8]) {
        let key = try samplePrivateKey(type)
        let (r, s) = try split(key.sign(message, algorithm: algorithm))
        return (key.publicKey, r, s)
    }

    private func split(_ der: [UInt8]) throws -> ([UInt8], [UInt8]) {
        let rest = der.dropFirst(2)
        let r = rest.dropFirst(2).prefix(Int(rest[rest.startIndex + 1]))
        let s = rest.dropFirst(4 + r.count)
        try #require(element(0x30, element(2, Array(r)) + element(2, Array(s))) == der)
        return (Array(r), Array(s))
    }

    private func padded(_ integer: [UInt8], to size: Int) -> [UInt8] {
        let magnitude = integer.drop { $0 == 0 }
        return [UInt8](repeating: 0, count: size - magnitude.count) + magnitude
    }

    /// The sum of two big-endian numbers, as long as the longer one or a byte longer.
    private func adding(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        let size = max(left.count, right.count)
        var carry = 0
        var sum: [UInt8] = []
        for (a, b) in zip(padded(left, to: size).reversed(), padded(right, to: size).reversed()) {
            carry += Int(a) + Int(b)
            sum.append(UInt8(carry & 0xFF))
            carry >>= 8
        }
        return (carry == 0 ? [] : [UInt8(carry)]) + sum.reversed()
    }
}
