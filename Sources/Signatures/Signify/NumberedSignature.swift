import CloseoutOpenSSL

/// The value inside files of minisign and signify: a key's number and that key's signature.
struct NumberedSignature {
    /// The two letters of the algorithm.
    let algorithm: [UInt8]
    /// The number of the key, eight bytes.
    let keyNumber: [UInt8]
    /// The Ed25519 signature.
    let bytes: [UInt8]

    static let length = 74
    /// Ed25519 over the message itself.
    static let whole = Array("Ed".utf8)
    /// Ed25519 over the message's BLAKE2b-512.
    static let hashed = Array("ED".utf8)

    /// Takes the value apart.
    ///
    /// - Throws: `SignatureError.wrongLength`, `unknownAlgorithm`.
    init(_ value: [UInt8], algorithms: [[UInt8]]) throws(SignatureError) {
        guard value.count == Self.length else { throw .wrongLength(value.count) }
        algorithm = Array(value.prefix(2))
        guard algorithms.contains(algorithm) else { throw .unknownAlgorithm(algorithm) }
        keyNumber = Array(value[2..<10])
        bytes = Array(value[10...])
    }
}
