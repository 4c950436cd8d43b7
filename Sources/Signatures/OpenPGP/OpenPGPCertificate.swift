import OpenSSL

/// One primary key with all that its owner has bound to it.
struct OpenPGPCertificate {
    /// The primary key, and after it the subkeys.
    let signers: [OpenPGPSigner]

    /// The 20 bytes by which OpenPGP names the whole.
    var fingerprint: [UInt8] { signers.first?.packet.fingerprint ?? [] }
}

extension OpenPGPCertificate {
    /// Checks the packets of one certificate, in which signatures follow what they are about.
    ///
    /// - Throws: `OpenPGPError` where not even the primary key can be read.
    init(_ packets: ArraySlice<OpenPGPPacket>) throws(OpenPGPError) {
        guard let first = packets.first else { throw .truncated }
        let primary = try OpenPGPKeyPacket(first.body)
        let owner = OpenPGPOwner(primary: primary, parts: OpenPGPCertificatePart.all(in: packets))
        var signers = [try owner.primarySigner()]
        for part in owner.parts where part.packet.tag == OpenPGPPacket.Tag.publicSubkey {
            // A subkey of another version cannot have made a version 4 signature.
            guard let subkey = try? OpenPGPKeyPacket(part.packet.body) else { continue }
            var signer = try owner.signer(subkey, in: part)
            if let refusal = signers[0].refusal, refusal != Self.notForSigning {
                signer = OpenPGPSigner(packet: subkey, refusal: refusal)
            }
            signer.revocations += signers[0].revocations
            signer.weaknessOfPrimary = signers[0].weaknessOfPrimary
            signers.append(signer)
        }
        self.signers = signers
    }

    /// The key is sound, and its owner does not let it sign files.
    static let notForSigning = OpenPGPError.key("the key's flags do not let it sign")
}

/// A key, user id or attribute, and the signatures that follow it.
struct OpenPGPCertificatePart {
    let packet: OpenPGPPacket
    var signatures: [[UInt8]] = []

    /// Puts every signature to the packet that it follows.
    static func all(in packets: ArraySlice<OpenPGPPacket>) -> [OpenPGPCertificatePart] {
        packets.reduce(into: []) { parts, packet in
            switch packet.tag {
            case OpenPGPPacket.Tag.trust: break
            case OpenPGPPacket.Tag.signature:
                if !parts.isEmpty { parts[parts.count - 1].signatures.append(packet.body) }
            default: parts.append(OpenPGPCertificatePart(packet: packet))
            }
        }
    }

    /// What signatures over a user id or attribute are over, beside the primary key.
    var hashedForm: [UInt8] {
        let isUserID = packet.tag == OpenPGPPacket.Tag.userID
        return [isUserID ? 0xB4 : 0xD1] + fourBytes(packet.body.count) + packet.body
    }
}
