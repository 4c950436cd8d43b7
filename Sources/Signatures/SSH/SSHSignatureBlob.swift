import CloseoutOpenSSL

/// The bytes inside an SSH signature file, taken apart (PROTOCOL.sshsig of OpenSSH).
struct SSHSignatureBlob {
    /// The key that is said to have signed, in SSH's form.
    let keyBytes: [UInt8]
    /// What the signature is for; never empty.
    let namespace: [UInt8]
    /// The digest of the message that is signed.
    let hash: DigestAlgorithm
    /// The name of the signature algorithm.
    let algorithm: [UInt8]
    /// The signature in the form that its algorithm has.
    let signature: [UInt8]

    private static let magic = Array("SSHSIG".utf8)
    private static let version: UInt32 = 1
    private static let hashes: [DigestAlgorithm] = [.sha256, .sha512]

    /// The bytes that are signed for a digest of the message.
    static func signingInput(namespace: [UInt8], hash: DigestAlgorithm, digest: [UInt8]) -> [UInt8]
    {
        magic + SSHWriter.string(namespace) + SSHWriter.string([])
            + SSHWriter.string(hash.rawValue.utf8) + SSHWriter.string(digest)
    }

    /// The bytes of the whole.
    var encoded: [UInt8] {
        let inner = SSHWriter.string(algorithm) + SSHWriter.string(signature)
        return Self.magic + SSHWriter.number(Self.version) + SSHWriter.string(keyBytes)
            + SSHWriter.string(namespace) + SSHWriter.string([])
            + SSHWriter.string(hash.rawValue.utf8) + SSHWriter.string(inner)
    }
}

extension SSHSignatureBlob {
    /// Takes the bytes apart; nothing may be left over, and what is reserved must be empty.
    ///
    /// - Throws: `SignatureError`.
    init(parsing bytes: [UInt8]) throws(SignatureError) {
        var reader = SSHReader(bytes)
        guard reader.bytes(Self.magic.count) == Self.magic, reader.number() == Self.version,
            let keyBytes = reader.string(), let namespace = reader.string(), !namespace.isEmpty,
            reader.string() == [], let hashName = reader.string(), let inner = reader.string(),
            reader.isAtEnd
        else { throw .notText(expected: "an SSH signature of version 1 with a namespace") }
        guard let hash = Self.hashes.first(where: { Array($0.rawValue.utf8) == hashName }) else {
            throw .unknownAlgorithm(hashName)
        }
        var fields = SSHReader(inner)
        guard let algorithm = fields.string() else {
            throw .notText(expected: "a signature with the name of its algorithm")
        }
        try SSHRefusedName.check(algorithm: algorithm)
        guard SSHSignature.names.keys.contains(algorithm) else {
            throw .unknownAlgorithm(algorithm)
        }
        guard let signature = fields.string(), fields.isAtEnd else {
            throw .notText(expected: "a signature and nothing after it")
        }
        self.init(
            keyBytes: keyBytes, namespace: namespace, hash: hash, algorithm: algorithm,
            signature: signature)
    }
}
