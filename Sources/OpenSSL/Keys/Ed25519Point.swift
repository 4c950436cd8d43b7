import CloseoutCOpenSSL

/// What makes 32 bytes a public key of Ed25519 that can be trusted (RFC 8032, 5.1.3).
///
/// libcrypto takes any 32 bytes. Under a point of small order one signature fits many messages,
/// and a point that has a second spelling would have a second fingerprint.
enum Ed25519Point {
    /// Throws unless the bytes are the one spelling of a point on the curve, of large order.
    static func check(_ bytes: [UInt8]) throws(KeyError) {
        guard let last = bytes.last, bytes.count == 32 else {
            throw .notAKey("\(bytes.count) bytes cannot be a key of ed25519")
        }
        let y = Array(bytes.dropLast()) + [last & 0x7F]
        guard isBelowPrime(y) else { throw .notAKey("an Ed25519 point that is not canonical") }
        guard !smallOrder.contains(y) else { throw .weak("an Ed25519 point of small order") }
        guard try keyed(isOnCurve(y)) else {
            throw .notAKey("an Ed25519 point that is not on the curve")
        }
    }

    /// The prime is 2^255 - 19; `y` is little-endian, below 2^255.
    private static func isBelowPrime(_ y: [UInt8]) -> Bool {
        let isAboveLowByte = y.dropFirst().dropLast().allSatisfy { $0 == 0xFF } && y.last == 0x7F
        return !isAboveLowByte || y.first.map { $0 < 0xED } == true
    }

    /// The y of the eight points whose order divides 8, without the sign of x.
    private static let smallOrder: [[UInt8]] = [
        [UInt8](repeating: 0, count: 32),
        [1] + [UInt8](repeating: 0, count: 31),
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF,
            0x98, 0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88,
            0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10,
            0x67, 0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77,
            0x92, 0xAC, 0x03, 0x7A,
        ],
    ]

    /// Whether an x exists: `x^2 = (y^2 - 1) / (d y^2 + 1)` with `d = -121665 / 121666`.
    ///
    /// A quotient is a square if and only if the product is; `121666^2` and -1 are squares too.
    private static func isOnCurve(_ y: [UInt8]) throws(OpenSSLError) -> Bool {
        let scratch = try unsafe Owned<BigNumberScratch>(owning: BN_CTX_new(), from: "BN_CTX_new")
        let prime = try Owned<BigNumber>(littleEndian: Self.prime)
        let left = try Owned<BigNumber>(littleEndian: y)
        try unsafe require(
            BN_mod_sqr(left.pointer, left.pointer, prime.pointer, scratch.pointer), "BN_mod_sqr")
        let right = try unsafe Owned<BigNumber>(owning: BN_dup(left.pointer), from: "BN_dup")
        try unsafe require(BN_sub_word(left.pointer, 1), "BN_sub_word")
        try unsafe require(BN_mul_word(left.pointer, 121_666), "BN_mul_word")
        try unsafe require(BN_mul_word(right.pointer, 121_665), "BN_mul_word")
        try unsafe require(BN_sub_word(right.pointer, 121_666), "BN_sub_word")
        try unsafe require(
            BN_mod_mul(left.pointer, left.pointer, right.pointer, prime.pointer, scratch.pointer),
            "BN_mod_mul")
        let symbol = unsafe BN_kronecker(left.pointer, prime.pointer, scratch.pointer)
        guard symbol >= -1 else { throw .taken(after: "BN_kronecker") }
        return symbol >= 0
    }

    private static let prime = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
}

/// Names `BN_CTX`.
private enum BigNumberScratch: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe BN_CTX_free(pointer) }
}

/// Names `BIGNUM`.
private enum BigNumber: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe BN_free(pointer) }
}

extension Owned where Object == BigNumber {
    fileprivate init(littleEndian bytes: [UInt8]) throws(OpenSSLError) {
        try unsafe self.init(
            owning: BN_lebin2bn(bytes, CInt(bytes.count), nil), from: "BN_lebin2bn")
    }
}
