import Encodings
import OpenSSL
import Signatures

/// Writes OpenPGP packets, right ones and wrong ones, over an Ed25519 key.
struct OpenPGPMaker {
    let signer: Signer
    /// 22 is the older spelling of Ed25519, 27 the newer.
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
        let raw = signer.publicKey.rawEd25519 ?? []
        let curve: [UInt8] = [9, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01]
        let key = algorithm == 22 ? curve + [0x01, 0x07, 0x40] + raw : raw
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
        return [0xC0 | tag, 255, 0, 0, UInt8(count >> 8), UInt8(count & 0xFF)] + body
    }

    /// The content of a signature packet over a subject.
    func signature(
        _ type: UInt8 = 0, over subject: [UInt8], hash: UInt8 = 10, version: UInt8 = 4,
        hashed: [UInt8] = [], unhashed: [UInt8]? = nil
    ) throws -> [UInt8] {
        let area = Self.subpacket(2, created) + hashed
        let part = [version, type, algorithm, hash, 0, UInt8(area.count)] + area
        let trailer: [UInt8] = [4, 0xFF, 0, 0, 0, UInt8(part.count)]
        let digest = try OpenSSL.digest(
            hash == 8 ? .sha256 : .sha512, of: subject + part + trailer)
        let value = try signer.sign(digest)
        let unhashed = try unhashed ?? Self.subpacket(16, fingerprint.suffix(8))
        let size = [UInt8(unhashed.count >> 8), UInt8(unhashed.count & 0xFF)]
        let numbers =
            algorithm == 22 ? number(value.prefix(32)) + number(value.suffix(32)) : value
        return part + size + unhashed + digest.prefix(2) + numbers
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let digits = bytes.drop { $0 == 0 }
        let bits = digits.count * 8 - (digits.first?.leadingZeroBitCount ?? 0)
        return [UInt8(bits >> 8), UInt8(bits & 0xFF)] + digits
    }

    /// A detached signature as a file.
    func file(
        over content: [UInt8] = seal.bytes, _ type: UInt8 = 0, hash: UInt8 = 10,
        version: UInt8 = 4, hashed: [UInt8] = [], unhashed: [UInt8]? = nil
    ) throws -> [UInt8] {
        Self.packet(
            2,
            try signature(
                type, over: content, hash: hash, version: version, hashed: hashed,
                unhashed: unhashed))
    }

    /// The public key with one user id, which the key certifies with these flags.
    func key(flags: UInt8? = 3, signed: Bool = true) throws -> [UInt8] {
        let name = Array("test <t@example.org>".utf8)
        let subject = hashedKey + [0xB4, 0, 0, 0, UInt8(name.count)] + name
        let statement = flags.map { Self.subpacket(27, [$0]) } ?? []
        let certification = try signature(0x13, over: subject, hashed: statement)
        return Self.packet(6, keyBody) + Self.packet(13, name)
            + (signed ? Self.packet(2, certification) : [])
    }

    /// The packets of a subkey that this primary key binds.
    func binding(
        _ subkey: OpenPGPMaker, flags: UInt8 = 2, signedBack: Bool = true,
        backType: UInt8 = 0x19, backSubject: [UInt8]? = nil
    ) throws -> [UInt8] {
        let subject = hashedKey + subkey.hashedKey
        let back = try subkey.signature(backType, over: backSubject ?? subject)
        let statement = Self.subpacket(27, [flags])
        let hints = try Self.subpacket(16, fingerprint.suffix(8))
        let body = try signature(
            0x18, over: subject, hashed: statement,
            unhashed: hints + (signedBack ? Self.subpacket(32, back) : []))
        return Self.packet(14, subkey.keyBody) + Self.packet(2, body)
    }

    /// A packet that revokes the key for a reason.
    func revocation(reason: UInt8) throws -> [UInt8] {
        Self.packet(
            2, try signature(0x20, over: hashedKey, hashed: Self.subpacket(29, [reason])))
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
