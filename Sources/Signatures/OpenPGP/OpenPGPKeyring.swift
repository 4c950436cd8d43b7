import Encodings
package import OpenSSL

/// One OpenPGP key or several, as a policy entry holds them.
package struct OpenPGPKeyring: VerificationKey {
    let certificates: [OpenPGPCertificate]

    /// Primary keys and subkeys, in the ring's order.
    var signers: [OpenPGPSigner] { certificates.flatMap(\.signers) }

    private var parts: [OpenPGPKeyPart] { signers.compactMap(\.usualPart) }

    /// The keys that may sign, first, and then all others that could be read.
    package var publicKeys: [PublicKey] {
        let signing = parts.flatMap(\.publicKeys)
        let all = signers.compactMap { try? $0.packet.publicKey.get() }
        return signing + all.filter { !signing.contains($0) }
    }

    /// The fingerprints of the primary keys in upper-case hex, in the ring's order.
    package var fingerprints: [String] {
        certificates.map { String(decoding: openPGPHex($0.fingerprint), as: UTF8.self) }
    }

    /// That of the first key that may sign; each signature is judged under its own.
    package var algorithm: SignatureAlgorithm { parts.first?.algorithm ?? .ed25519 }

    /// Seals can be signed by it; checkpoints and records have signatures of their own formats.
    package var roles: Set<Role> { Self.roles }
    static let roles: Set<Role> = [.release, .archive]

    /// The fingerprints of the primary keys.
    package var names: [String] { fingerprints }

    /// Why none of its keys counts; a single weak key is told by its signatures.
    package var weakness: String? {
        parts.contains { $0.weakness == nil } ? nil : parts.first?.weakness
    }

    /// The end of all of its keys; that of a single one is told by its signatures.
    package var revocations: [PolicyKey.Revocation] {
        parts.contains { $0.revocations.isEmpty } ? [] : parts.first?.revocations ?? []
    }
}

extension OpenPGPKeyring {
    /// Reads public keys, armoured or binary, up to the last byte.
    ///
    /// - Throws: `OpenPGPError` for anything but public keys, and where none of them may sign.
    init(parsing file: [UInt8]) throws(OpenPGPError) {
        let packets = try OpenPGPPacket.all(in: Self.binary(file))
        for packet in packets where !Self.allowedTags.contains(packet.tag) {
            let isSecret = Self.secretTags.contains(packet.tag)
            throw isSecret ? .secretKey : .unexpectedPacket(packet.tag)
        }
        var firstRefusal: OpenPGPError?
        var certificates: [OpenPGPCertificate] = []
        for certificate in try Self.split(packets) {
            do {
                let certificate = try OpenPGPCertificate(certificate)
                certificates.append(certificate)
                firstRefusal =
                    firstRefusal ?? certificate.signers.lazy.compactMap(\.refusal).first
            } catch { firstRefusal = firstRefusal ?? error }
        }
        self.certificates = certificates
        guard !parts.isEmpty else { throw firstRefusal ?? .truncated }
    }

    /// Only the keys with these primary fingerprints, in upper-case hex.
    ///
    /// - Throws: `OpenPGPError.key` for one that is not there or may not sign.
    func keeping(_ fingerprints: [String]) throws(OpenPGPError) -> OpenPGPKeyring {
        for fingerprint in fingerprints where !self.fingerprints.contains(fingerprint) {
            throw .key("there is no key \(fingerprint)")
        }
        let kept = certificates.filter {
            fingerprints.contains(String(decoding: openPGPHex($0.fingerprint), as: UTF8.self))
        }
        for certificate in kept where !certificate.signers.contains(where: { $0.refusal == nil }) {
            throw certificate.signers.first?.refusal ?? .truncated
        }
        return OpenPGPKeyring(certificates: kept)
    }

    private static let secretTags = [OpenPGPPacket.Tag.secretKey, OpenPGPPacket.Tag.secretSubkey]
    private static let allowedTags = [
        OpenPGPPacket.Tag.signature, OpenPGPPacket.Tag.publicKey, OpenPGPPacket.Tag.trust,
        OpenPGPPacket.Tag.userID, OpenPGPPacket.Tag.publicSubkey, OpenPGPPacket.Tag.userAttribute,
    ]

    private static func binary(_ file: [UInt8]) throws(OpenPGPError) -> [UInt8] {
        switch OpenPGPArmour.label(of: file) {
        case .publicKey: return try OpenPGPArmour.decode(file, as: .publicKey)
        case .privateKey: throw .secretKey
        case .signature, .message, .signedMessage:
            throw .unexpectedPacket(OpenPGPPacket.Tag.signature)
        case nil: return file
        }
    }

    /// Each key begins with its primary key packet.
    private static func split(
        _ packets: [OpenPGPPacket]
    ) throws(OpenPGPError) -> [ArraySlice<OpenPGPPacket>] {
        let starts = packets.indices.filter { packets[$0].tag == OpenPGPPacket.Tag.publicKey }
        guard starts.first == 0 else { throw .unexpectedPacket(packets.first?.tag ?? 0) }
        let ends = starts.dropFirst() + [packets.count]
        return zip(starts, ends).map { packets[$0..<$1] }
    }
}
