/// The packets of one key as they stand in a file (RFC 9580, 10.1): the primary key, its user ids and
/// subkeys, and the signatures that follow each.
struct OpenPGPTransferableKey {
    /// The primary key first; signatures follow what they are about.
    private(set) var parts: [OpenPGPCertificatePart]

    init(primary packet: OpenPGPPacket) {
        parts = [OpenPGPCertificatePart(packet: packet)]
    }

    /// The content of the primary key's packet.
    var primary: [UInt8] { parts.first?.packet.body ?? [] }

    /// Takes the next packet of the key.
    mutating func append(_ packet: OpenPGPPacket) {
        if packet.tag == OpenPGPPacket.Tag.signature {
            parts[parts.count - 1].signatures.append(OpenPGPAttachedSignature(packet.body))
        } else {
            parts.append(OpenPGPCertificatePart(packet: packet))
        }
    }

    /// Takes a signature over the primary key that stands elsewhere.
    mutating func appendToPrimary(_ signature: OpenPGPAttachedSignature) {
        parts[0].signatures.append(signature)
    }

    /// Takes in what another copy of the key has beside this one.
    mutating func merge(_ other: OpenPGPTransferableKey) {
        for part in other.parts {
            guard let place = parts.firstIndex(where: { $0.packet == part.packet }) else {
                parts.append(part)
                continue
            }
            let known = Set(parts[place].signatures.map(\.body))
            parts[place].signatures += part.signatures.filter { !known.contains($0.body) }
        }
    }

    /// The packets without what others certified, which says nothing here; revocations all stay.
    func ownPackets(withAttributes: Bool) -> [UInt8] {
        guard let owner = try? OpenPGPKeyPacket(primary) else { return [] }
        let kept = parts.filter {
            withAttributes || $0.packet.tag != OpenPGPPacket.Tag.userAttribute
        }
        return kept.flatMap { part in
            part.packet.encoded
                + part.signatures.filter { $0.canConcern(owner) }.flatMap { signature in
                    OpenPGPPacket(tag: OpenPGPPacket.Tag.signature, body: signature.body).encoded
                }
        }
    }
}

/// A key, user id or attribute, and the signatures that follow it.
struct OpenPGPCertificatePart {
    let packet: OpenPGPPacket
    var signatures: [OpenPGPAttachedSignature] = []

    /// What signatures over a user id or attribute are over, beside the primary key.
    var hashedForm: [UInt8] {
        let isUserID = packet.tag == OpenPGPPacket.Tag.userID
        return [isUserID ? 0xB4 : 0xD1] + fourBytes(packet.body.count) + packet.body
    }
}

/// A signature inside a key.
struct OpenPGPAttachedSignature {
    /// The content of its packet.
    let body: [UInt8]
    /// What it states; `nil` for what is not read.
    let content: OpenPGPSignature?

    init(_ body: [UInt8]) {
        self.body = body
        content = try? OpenPGPSignature(body)
    }

    /// The type that a signature of any version states.
    var type: UInt8? { body.first == 3 ? body.dropFirst(2).first : body.dropFirst().first }

    /// Whether it can say something of an owner's key: it is not certified by somebody else.
    fileprivate func canConcern(_ owner: OpenPGPKeyPacket) -> Bool {
        guard let type, OpenPGPOwner.Kind.certifications.contains(type) else { return true }
        return content.map { $0.issuer.names(owner) != false } ?? false
    }
}
