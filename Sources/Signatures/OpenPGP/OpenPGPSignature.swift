import OpenSSL

/// A version 4 signature packet as it states itself (RFC 9580, 5.2.3); nothing in it is believed.
struct OpenPGPSignature {
    /// What kind of thing is said to be signed.
    let type: UInt8
    /// The number of the key's algorithm.
    let keyAlgorithm: UInt8
    /// The number of the hash algorithm.
    let hashAlgorithm: UInt8
    /// When the signer says that it was made, in seconds since 1970.
    let created: Int
    /// What is signed beside the content: everything from the version to the hashed subpackets.
    let hashedPart: [UInt8]
    /// The signed statements.
    let hashed: OpenPGPSubpackets
    /// Statements that nothing covers.
    let unhashed: OpenPGPSubpackets
    /// The first two bytes of the digest.
    let digestStart: [UInt8]
    /// Whose the signature says it is.
    let issuer: OpenPGPIssuer
    /// The signature itself as RSA or Ed25519 have it; `nil` for other algorithms.
    let value: [UInt8]?

    /// Reads the content of a signature packet.
    ///
    /// - Throws: `OpenPGPError` for another version, or where the parts do not fit together.
    init(_ body: [UInt8]) throws(OpenPGPError) {
        var reader = OpenPGPReader(body)
        let version = try reader.byte()
        guard version == 4 else { throw .version(version) }
        type = try reader.byte()
        keyAlgorithm = try reader.byte()
        hashAlgorithm = try reader.byte()
        let area = try reader.bytes(reader.integer(bytes: 2))
        hashedPart = Array(body.prefix(6)) + area
        hashed = try OpenPGPSubpackets(area)
        unhashed = try OpenPGPSubpackets(reader.bytes(reader.integer(bytes: 2)))
        issuer = try OpenPGPIssuer(hashed, unhashed)
        guard let time = try hashed.only(OpenPGPSubpackets.Kind.creationTime), time.count == 4
        else { throw .subpackets("no signed creation time") }
        created = time.reduce(0) { $0 << 8 | Int($1) }
        digestStart = try reader.bytes(2)
        value = try Self.value(&reader, keyAlgorithm)
        guard value == nil || reader.isAtEnd else { throw .truncated }
    }

    private static func value(
        _ reader: inout OpenPGPReader, _ algorithm: UInt8
    ) throws(OpenPGPError) -> [UInt8]? {
        switch algorithm {
        case 1, 3: return try reader.number()
        case 22:
            let halves = [try reader.number(), try reader.number()]
            guard halves.allSatisfy({ $0.count <= 32 }) else { throw .number }
            return halves.flatMap { padded($0, to: 32) }
        case 27: return try reader.bytes(64)
        default: return nil
        }
    }

    /// The algorithm of the policy's closed list that it uses.
    ///
    /// - Throws: `OpenPGPError` that names what is not accepted.
    func algorithm() throws(OpenPGPError) -> SignatureAlgorithm {
        let digest = try digestAlgorithm()
        switch (keyAlgorithm, digest) {
        case (1, .sha256), (3, .sha256): return .rsaPKCS1SHA256
        case (1, .sha384), (3, .sha384): return .rsaPKCS1SHA384
        case (1, .sha512), (3, .sha512): return .rsaPKCS1SHA512
        case (22, _), (27, _): return .ed25519
        default: throw .keyAlgorithm(keyAlgorithm)
        }
    }

    private func digestAlgorithm() throws(OpenPGPError) -> DigestAlgorithm {
        switch hashAlgorithm {
        case 8: .sha256
        case 9: .sha384
        case 10: .sha512
        default: throw .hashAlgorithm(hashAlgorithm)
        }
    }

    /// Demands what every signature has to fulfil before it can count for anything.
    ///
    /// - Throws: `OpenPGPError` for a type beside `types`, for an algorithm that is not accepted
    ///   and for a critical subpacket that is not understood.
    func checkAcceptable(types: Set<UInt8>) throws(OpenPGPError) {
        guard types.contains(type) else { throw .signatureType(type) }
        _ = try algorithm()
        if let critical = hashed.unknownCritical ?? unhashed.unknownCritical {
            throw .criticalSubpacket(critical)
        }
        let expiration = try hashed.only(OpenPGPSubpackets.Kind.expirationTime)
        if let expiration, expiration.contains(where: { $0 != 0 }) {
            throw .subpackets("the signature sets its own end, which only a policy may do")
        }
    }

    /// Whether a key made it over content; what is acceptable has been checked before.
    func verifies(
        over content: [UInt8], with key: OpenPGPKeyPacket
    ) throws(OpenSSLError) -> Bool {
        guard let digest = try digest(over: .bytes(content)), key.algorithm == keyAlgorithm,
            case .success(let publicKey) = key.publicKey
        else { return false }
        return try isMade(by: publicKey, over: digest)
    }

    /// The digest of content that a key signs: of the content, what is signed beside it and the length
    /// of that; `nil` for a hash that is not accepted.
    var contentDigest: MessageDigest? {
        guard let hash = try? digestAlgorithm() else { return nil }
        return MessageDigest(
            hash, followedBy: hashedPart + [0x04, 0xFF] + fourBytes(hashedPart.count))
    }

    /// What a key has to have signed, if the content is the right one.
    ///
    /// - Returns: `nil` where the digest begins otherwise than the signature says.
    func digest(over content: Message) throws(OpenSSLError) -> [UInt8]? {
        guard let contentDigest else { return nil }
        let digest = try content.digest(contentDigest)
        return digest.starts(with: digestStart) ? digest : nil
    }

    /// Whether a public key made it over a digest, with the algorithm that it states.
    func isMade(by publicKey: PublicKey, over digest: [UInt8]) throws(OpenSSLError) -> Bool {
        guard let value, let algorithm = try? algorithm(), algorithm.keyType == publicKey.type
        else { return false }
        // For Ed25519 the digest is the message.
        guard algorithm != .ed25519 else {
            return try publicKey.accepts(value, over: digest, algorithm: algorithm)
        }
        let length = (publicKey.bits + 7) / 8
        guard value.count <= length else { return false }
        return try publicKey.accepts(
            padded(value, to: length), overDigest: digest, algorithm: algorithm)
    }
}

/// A magnitude with zeros before it up to a length.
private func padded(_ magnitude: [UInt8], to length: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: max(0, length - magnitude.count)) + magnitude
}
