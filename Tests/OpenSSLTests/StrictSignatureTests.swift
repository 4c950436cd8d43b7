import OpenSSL
import TestSupport
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
