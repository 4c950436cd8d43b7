/// The packets of one key as they are in a file (RFC 9580, 10.1): the primary key, its user ids and
/// subkeys, and the signatures that follow each.
struct OpenPGPTransferableKey {
    /// The primary key first; signatures follow what they are about.
    private(set) var parts: [OpenPGPCertificatePart]
    /// Where each packet beside the primary key is among the parts.
    private var places: [OpenPGPPacket: Int] = [:]
    /// The part that the next signature is about.
    private var place = 0

    init(primary packet: OpenPGPPacket) {
        parts = [OpenPGPCertificatePart(packet: packet)]
    }

    /// The content of the primary key's packet.
    var primary: [UInt8] { parts.first?.packet.body ?? [] }

    /// Goes back to the primary key, of which another copy begins.
    mutating func beginCopy() {
        place = 0
    }

    /// Takes the next packet of the key; what is there already stays once.
    mutating func append(_ packet: OpenPGPPacket) {
        if packet.tag == OpenPGPPacket.Tag.signature {
            parts[place].add(OpenPGPAttachedSignature(packet.body))
        } else if let known = places[packet] {
            place = known
        } else {
            place = parts.count
            places[packet] = place
            parts.append(OpenPGPCertificatePart(packet: packet))
        }
    }

    /// Takes a signature over the primary key that is elsewhere.
    mutating func appendToPrimary(_ signature: OpenPGPAttachedSignature) {
        parts[0].add(signature)
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
    private(set) var signatures: [OpenPGPAttachedSignature] = []
    private var known: Set<[UInt8]> = []

    init(packet: OpenPGPPacket) {
        self.packet = packet
    }

    /// Takes a signature that is not there yet.
    mutating func add(_ signature: OpenPGPAttachedSignature) {
        if known.insert(signature.body).inserted { signatures.append(signature) }
    }

    /// What signatures over a user id or attribute cover, beside the primary key.
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
