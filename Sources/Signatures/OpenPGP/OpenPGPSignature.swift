import CloseoutOpenSSL

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
    /// The signature itself; `nil` for algorithms that are not accepted.
    let value: OpenPGPSignatureValue?

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
        value = try OpenPGPSignatureValue(&reader, keyAlgorithm)
        guard value == nil || reader.isAtEnd else { throw .truncated }
    }

    /// The algorithm of the policy's closed list that it uses with a key of a type.
    ///
    /// - Throws: `OpenPGPError` that names what is not accepted.
    func algorithm(with type: KeyType) throws(OpenPGPError) -> SignatureAlgorithm {
        let digest = try digestAlgorithm()
        switch (keyAlgorithm, type, digest) {
        case (1, .rsa, .sha256), (3, .rsa, .sha256): return .rsaPKCS1SHA256
        case (1, .rsa, .sha384), (3, .rsa, .sha384): return .rsaPKCS1SHA384
        case (1, .rsa, .sha512), (3, .rsa, .sha512): return .rsaPKCS1SHA512
        case (19, _, _):
            guard let algorithm = SignatureAlgorithm.ecdsa(type, digest) else { break }
            guard digest.size >= min(type.coordinateSize ?? 0, DigestAlgorithm.sha512.size) else {
                throw .shortHash(hashAlgorithm, type)
            }
            return algorithm
        case (22, .ed25519, _), (27, .ed25519, _): return .ed25519
        default: break
        }
        throw .keyAlgorithm(keyAlgorithm)
    }

    private func digestAlgorithm() throws(OpenPGPError) -> DigestAlgorithm {
        switch hashAlgorithm {
        case 8: .sha256
        case 9: .sha384
        case 10: .sha512
        default: throw .hashAlgorithm(hashAlgorithm)
        }
    }

    /// Whether it is by SHA-1, which only signatures of a key's owner over the key itself may be.
    var isBySHA1: Bool { hashAlgorithm == 2 }

    /// Demands what every signature has to fulfil before it can count for anything.
    ///
    /// - Throws: `OpenPGPError` for a type beside `types`, for an algorithm that is not accepted
    ///   and for a critical subpacket that is not understood.
    func checkAcceptable(types: Set<UInt8>, allowingSHA1: Bool = false) throws(OpenPGPError) {
        guard types.contains(type) else { throw .signatureType(type) }
        guard value != nil else { throw .keyAlgorithm(keyAlgorithm) }
        if !allowingSHA1 || !isBySHA1 { _ = try digestAlgorithm() }
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
        return MessageDigest(hash, followedBy: suffix)
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
        guard let value = value?.bytes(for: publicKey),
            let algorithm = try? algorithm(with: publicKey.type)
        else { return false }
        // For Ed25519 the digest is the message.
        return try algorithm == .ed25519
            ? publicKey.accepts(value, over: digest, algorithm: algorithm)
            : publicKey.accepts(value, overDigest: digest, algorithm: algorithm)
    }

    /// Whether a key made it over content by SHA-1.
    func verifiesBySHA1(
        over content: [UInt8], with key: OpenPGPKeyPacket
    ) throws(OpenSSLError) -> Bool {
        guard isBySHA1, key.algorithm == keyAlgorithm,
            case .success(let publicKey) = key.publicKey, let value = value?.bytes(for: publicKey)
        else { return false }
        return try publicKey.acceptsSHA1(value, over: content + suffix)
    }

    /// What is signed behind the content.
    private var suffix: [UInt8] { hashedPart + [0x04, 0xFF] + fourBytes(hashedPart.count) }
}

/// The numbers or bytes of which a signature consists, by the algorithm of its key.
enum OpenPGPSignatureValue {
    case rsa([UInt8])
    /// The two numbers of ECDSA, or of Ed25519 in its older spelling.
    case pair([UInt8], [UInt8])
    /// Ed25519 in its newer spelling.
    case bytes([UInt8])

    /// Reads the value; `nil` for algorithms that are not accepted.
    init?(_ reader: inout OpenPGPReader, _ algorithm: UInt8) throws(OpenPGPError) {
        switch algorithm {
        case 1, 3: self = .rsa(try reader.number())
        case 19, 22:
            let (r, s) = (try reader.number(), try reader.number())
            guard algorithm == 19 || max(r.count, s.count) <= 32 else { throw .number }
            self = .pair(r, s)
        case 27: self = .bytes(try reader.bytes(64))
        default: return nil
        }
    }

    /// The signature as libcrypto takes it; `nil` where no key of this type and length makes it.
    func bytes(for key: PublicKey) -> [UInt8]? {
        switch self {
        case .rsa(let number):
            return padded(number, to: (key.bits + 7) / 8)
        case .pair(let r, let s):
            guard let r = padded(r, to: key.type.coordinateSize ?? 32),
                let s = padded(s, to: key.type.coordinateSize ?? 32)
            else { return nil }
            return key.type.coordinateSize == nil
                ? r + s : PublicKey.derSignature(fromP1363: r + s, type: key.type)
        case .bytes(let bytes): return bytes
        }
    }

    /// A magnitude with zeros before it up to a length; `nil` for a longer one.
    private func padded(_ magnitude: [UInt8], to length: Int) -> [UInt8]? {
        guard magnitude.count <= length else { return nil }
        return [UInt8](repeating: 0, count: length - magnitude.count) + magnitude
    }
}
