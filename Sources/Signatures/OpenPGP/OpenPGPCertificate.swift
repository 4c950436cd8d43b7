import CloseoutEncodings
import CloseoutOpenSSL

/// One primary key with all that its owner has bound to it.
struct OpenPGPCertificate {
    /// The primary key, and after it the subkeys.
    let signers: [OpenPGPSigner]

    /// The 20 bytes by which OpenPGP names the whole.
    var fingerprint: [UInt8] { signers.first?.packet.fingerprint ?? [] }

    /// When the last of its keys ends that may sign; `nil` where one of them never does.
    var end: Instant? { signers.end }
}

extension OpenPGPCertificate {
    /// Checks what the owner has signed of a key.
    ///
    /// - Throws: `OpenPGPError` where not even the primary key can be read.
    init(
        _ key: OpenPGPTransferableKey, by rules: OpenPGPKeyRules
    ) throws(OpenPGPError) {
        let primary = try OpenPGPKeyPacket(key.primary)
        let owner = OpenPGPOwner(primary: primary, parts: key.parts, rules: rules)
        let first = try owner.primarySigner()
        var signers = [first]
        for part in key.parts where part.packet.tag == OpenPGPPacket.Tag.publicSubkey {
            // A subkey of another version cannot have made a version 4 signature.
            guard let subkey = try? OpenPGPKeyPacket(part.packet.body) else { continue }
            var signer = try owner.signer(subkey, in: part)
            if let refusal = first.refusal, refusal != Self.notForSigning {
                signer.refusal = refusal
            }
            signer.revocations += first.revocations
            signer.weaknessOfPrimary = first.weaknessOfPrimary
            signer.end = [signer.end, first.end].compactMap(\.self).min()
            signers.append(signer)
        }
        self.signers = signers
    }

    /// The key is sound, and its owner does not let it sign files.
    static let notForSigning = OpenPGPError.key("the key's flags do not let it sign")
}

extension [OpenPGPSigner] {
    /// When the last of those ends that may sign; `nil` where one of them never does.
    var end: Instant? {
        let ends = filter { $0.refusal == nil }.map(\.end)
        return ends.contains(nil) ? nil : ends.compactMap(\.self).max()
    }
}
