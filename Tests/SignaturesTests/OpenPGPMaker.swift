import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import Testing

/// Writes OpenPGP packets, right ones and wrong ones, over a key of Ed25519 or ECDSA.
struct OpenPGPMaker {
    let signer: Signer
    /// 22 is the older spelling of Ed25519, 27 the newer; 19 is ECDSA.
    let algorithm: UInt8
    let created: [UInt8] = [0x60, 0, 0, 0]

    init(algorithm: UInt8 = 22) throws {
        self.init(signer: try Signer(), algorithm: algorithm)
    }

    init(signer: Signer, algorithm: UInt8 = 22) {
        self.signer = signer
        self.algorithm = algorithm
    }

    /// The content of the key packet.
    var keyBody: [UInt8] {
        let raw = signer.publicKey.rawEd25519 ?? signer.publicKey.point ?? []
        let curve: [UInt8] =
            switch signer.publicKey.type {
            case .p256: [8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
            case .p384: [5, 0x2B, 0x81, 0x04, 0x00, 0x22]
            case .p521: [5, 0x2B, 0x81, 0x04, 0x00, 0x23]
            default: [9, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01]
            }
        let key =
            switch algorithm {
            case 19: curve + number(raw[...])
            case 22: curve + number(([0x40] + raw)[...])
            default: raw
            }
        return [4] + created + [algorithm] + key
    }

    /// The key as signatures over it have it.
    var hashedKey: [UInt8] { [0x99, 0, UInt8(keyBody.count)] + keyBody }

    /// The name that the key has in OpenPGP.
    var fingerprint: [UInt8] { get throws { try sha1Name(of: hashedKey) } }

    /// A subpacket with its length.
    static func subpacket(_ type: UInt8, _ value: [UInt8]) -> [UInt8] {
        let length = value.count + 1
        let prefix =
            length < 192
            ? [UInt8(length)]
            : [UInt8((length - 192) >> 8 + 192), UInt8(truncatingIfNeeded: length - 192)]
        return prefix + [type] + value
    }

    /// A packet with a header of the new kind.
    static func packet(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
        let count = body.count
        let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
        return [0xC0 | tag, 255] + length + body
    }

    /// The content of a signature packet over a subject.
    func signature(
        _ type: UInt8 = 0, over subject: [UInt8], hash: UInt8 = 10, version: UInt8 = 4,
        hashed: [UInt8] = [], unhashed: [UInt8]? = nil, after seconds: UInt32 = 0
    ) throws -> [UInt8] {
        let area = Self.subpacket(2, time(after: seconds)) + hashed
        let part = [version, type, algorithm, hash, 0, UInt8(area.count)] + area
        let trailer: [UInt8] = [4, 0xFF, 0, 0, 0, UInt8(part.count)]
        let message = subject + part + trailer
        let digestName: DigestAlgorithm = hash == 8 ? .sha256 : hash == 9 ? .sha384 : .sha512
        let digest =
            try hash == 2 ? sha1Name(of: message) : CloseoutOpenSSL.digest(digestName, of: message)
        let unhashed = try unhashed ?? Self.subpacket(16, fingerprint.suffix(8))
        let size = [UInt8(unhashed.count >> 8), UInt8(unhashed.count & 0xFF)]
        let value = try value(over: message, digest, digestName)
        return part + size + unhashed + digest.prefix(2) + value
    }

    /// The instant so many seconds after the key was made, as packets have it.
    func time(after seconds: UInt32) -> [UInt8] {
        let start = created.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Self.bytes(start + seconds)
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private func value(
        over message: [UInt8], _ digest: [UInt8], _ name: DigestAlgorithm
    ) throws -> [UInt8] {
        switch algorithm {
        case 19:
            let own = try #require(SignatureAlgorithm.ecdsa(signer.publicKey.type, name))
            let der = try signer.key().sign(message, algorithm: own)
            let (r, s) = try #require(PublicKey.ecdsaNumbers(of: der))
            return number(r[...]) + number(s[...])
        case 22:
            let value = try signer.sign(digest)
            return number(value.prefix(32)) + number(value.suffix(32))
        default: return try signer.sign(digest)
        }
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let digits = bytes.drop { $0 == 0 }
        let bits = digits.count * 8 - (digits.first?.leadingZeroBitCount ?? 0)
        return [UInt8(bits >> 8), UInt8(bits & 0xFF)] + digits
    }

    /// A detached signature as a file.
    func file(
        over content: [UInt8] = seal.bytes, _ type: UInt8 = 0, hash: UInt8 = 10,
        version: UInt8 = 4, hashed: [UInt8] = [], unhashed: [UInt8]? = nil,
        after seconds: UInt32 = 0
    ) throws -> [UInt8] {
        Self.packet(
            2,
            try signature(
                type, over: content, hash: hash, version: version, hashed: hashed,
                unhashed: unhashed, after: seconds))
    }

    /// The public key with one user id, which the key certifies with these flags.
    func key(flags: UInt8? = 3, signed: Bool = true, expires: UInt32? = nil, hash: UInt8 = 10)
        throws -> [UInt8]
    {
        try Self.packet(6, keyBody) + Self.packet(13, Self.userID)
            + (signed ? certification(flags: flags, expires: expires, hash: hash) : [])
    }

    private static let userID = Array("test <t@example.org>".utf8)

    /// A packet in which the key certifies its user id, or takes that back (0x30).
    func certification(
        _ type: UInt8 = 0x13, flags: UInt8? = 3, expires: UInt32? = nil, hash: UInt8 = 10,
        after seconds: UInt32 = 0
    ) throws -> [UInt8] {
        let name = Self.userID
        let subject = hashedKey + [0xB4, 0, 0, 0, UInt8(name.count)] + name
        return Self.packet(
            2,
            try signature(
                type, over: subject, hash: hash, hashed: Self.statement(flags, expires),
                after: seconds))
    }

    /// Key flags, and an end in seconds after the key was made.
    private static func statement(_ flags: UInt8?, _ expires: UInt32?) -> [UInt8] {
        (flags.map { subpacket(27, [$0]) } ?? []) + (expires.map { subpacket(9, bytes($0)) } ?? [])
    }

    /// The packets of a subkey that this primary key binds.
    func binding(
        _ subkey: OpenPGPMaker, flags: UInt8 = 2, signedBack: Bool = true,
        backType: UInt8 = 0x19, backSubject: [UInt8]? = nil, expires: UInt32? = nil,
        hash: UInt8 = 10, backHash: UInt8 = 10
    ) throws -> [UInt8] {
        let subject = hashedKey + subkey.hashedKey
        let back = try subkey.signature(backType, over: backSubject ?? subject, hash: backHash)
        let statement = Self.statement(flags, expires)
        let hints = try Self.subpacket(16, fingerprint.suffix(8))
        let body = try signature(
            0x18, over: subject, hash: hash, hashed: statement,
            unhashed: hints + (signedBack ? Self.subpacket(32, back) : []))
        return Self.packet(14, subkey.keyBody) + Self.packet(2, body)
    }

    /// A packet that revokes the key for a reason.
    func revocation(reason: UInt8, hash: UInt8 = 10) throws -> [UInt8] {
        Self.packet(
            2,
            try signature(
                0x20, over: hashedKey, hash: hash, hashed: Self.subpacket(29, [reason])))
    }
}

/// The bytes as an armoured public key, which a policy can hold.
func openPGPText(_ key: [UInt8]) -> [UInt8] {
    (try? KeyEntry(id: "k", operator: "k", inlining: key).inlineText) ?? []
}

extension KeyEntry {
    /// The text of a key that stands in the policy itself.
    var inlineText: [UInt8] {
        if case .inline(let text) = source { text } else { [] }
    }
}
