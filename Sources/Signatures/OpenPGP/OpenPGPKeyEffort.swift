/// How much is to be computed to check what the owners of a file's keys signed of them.
///
/// A file of few bytes can ask for hours of it: with signatures that are cheap to make up, over a long
/// photograph.
struct OpenPGPKeyEffort {
    /// How many times a signature is checked with a key.
    private(set) var checks = 0
    /// How many bytes of user ids and photographs are hashed for it.
    private(set) var hashed = 0

    /// More than the keys of a project have by far.
    static let mostChecks = 10_000
    static let mostHashed = 64 << 20

    /// Counts what keys ask for.
    init(_ keys: [OpenPGPTransferableKey]) {
        for key in keys {
            guard let owner = try? OpenPGPKeyPacket(key.primary) else { continue }
            add(key.parts, of: owner)
        }
    }

    private mutating func add(_ parts: [OpenPGPCertificatePart], of owner: OpenPGPKeyPacket) {
        var subkeys = 0
        var revocations = 0
        for part in parts {
            let isSubkey = part.packet.tag == OpenPGPPacket.Tag.publicSubkey
            let own = part.signatures.compactMap(\.content).filter {
                $0.issuer.names(owner) != false
            }
            checks += own.reduce(0) { $0 + 1 + $1.embedded.count }
            hashed += own.count * part.packet.body.count
            if isSubkey { subkeys += 1 }
            revocations += own.count { $0.type == OpenPGPOwner.Kind.subkeyRevocation }
        }
        // Each of these is looked for behind other packets as well.
        checks += subkeys * revocations
    }

    /// - Throws: `OpenPGPError.key` where it is too much.
    func check() throws(OpenPGPError) {
        guard checks <= Self.mostChecks, hashed <= Self.mostHashed else {
            throw .key(
                "its keys have more signatures by their owners than are checked: at most "
                    + "\(Self.mostChecks), over \(Self.mostHashed >> 20) MiB of user ids and "
                    + "photographs")
        }
    }
}

extension OpenPGPSignature {
    /// The signatures inside it, by which a subkey signs back.
    var embedded: [[UInt8]] {
        let kind = OpenPGPSubpackets.Kind.embeddedSignature
        return hashed.all(kind) + unhashed.all(kind)
    }
}
