package import CloseoutEncodings
package import CloseoutOpenSSL

/// One OpenPGP key or several, as a policy entry holds them.
package struct OpenPGPKeyring: VerificationKey {
    let certificates: [OpenPGPCertificate]
    let rules: OpenPGPKeyRules

    /// Primary keys and subkeys, in the ring's order.
    var signers: [OpenPGPSigner] { certificates.flatMap(\.signers) }

    private var parts: [OpenPGPKeyPart] { signers.compactMap(\.usualPart) }

    /// The keys that may sign, first, and then all others that could be read.
    package var publicKeys: [PublicKey] {
        let signing = parts.flatMap(\.publicKeys)
        let known = Set(signing)
        let all = signers.compactMap { try? $0.packet.publicKey.get() }
        return signing + all.filter { !known.contains($0) }
    }

    /// The fingerprints of the primary keys in upper-case hex, in the ring's order.
    package var fingerprints: [String] {
        certificates.map { String(decoding: openPGPHex($0.fingerprint), as: UTF8.self) }
    }

    /// That of the first key that may sign; each signature is verified under its own.
    package var algorithm: SignatureAlgorithm {
        parts.first?.algorithm ?? signers.lazy.compactMap(\.usualAlgorithm).first ?? .ed25519
    }

    /// Seals can be signed by it; checkpoints and records have signatures of their own formats.
    package var roles: Set<Role> { Self.roles }
    static let roles: Set<Role> = [.release, .archive]

    /// The fingerprints of the primary keys, and from when on each has ended by its owner's word.
    package var names: [String] {
        zip(fingerprints, certificates).map { name, certificate in
            certificate.end.map { "\(name) until \($0)" } ?? name
        }
    }

    /// Why none of its keys counts; a single weak key is reported by its signatures.
    package var weakness: String? {
        guard !parts.isEmpty else { return "bound by signatures with SHA-1 alone" }
        return parts.contains { $0.weakness == nil } ? nil : parts.first?.weakness
    }

    /// The end of all of its keys; that of a single one is reported by its signatures.
    package var revocations: [PolicyKey.Revocation] {
        parts.contains { $0.revocations.isEmpty } ? [] : parts.first?.revocations ?? []
    }

    /// When the last of its keys ends by its owner's word; `nil` where one never does.
    package var end: Instant? { signers.end }

    /// Whether the policy does not look at that.
    package var ignoresEnd: Bool { rules.ignoresExpiry }
}

extension OpenPGPKeyring {
    /// Reads public keys, armoured or binary, up to the last byte.
    ///
    /// Keys that cannot be read, or that may not sign, leave the others as they are.
    ///
    /// - Throws: `OpenPGPError` for anything but public keys, and where none of them could sign.
    init(
        parsing file: [UInt8], by rules: OpenPGPKeyRules = OpenPGPKeyRules()
    ) throws(OpenPGPError) {
        try self.init(OpenPGPKeyFile(parsing: file), by: rules)
    }

    /// Verifies the keys of a file.
    ///
    /// - Throws: `OpenPGPError` where none of them could sign.
    init(_ file: OpenPGPKeyFile, by rules: OpenPGPKeyRules) throws(OpenPGPError) {
        var firstRefusal: OpenPGPError?
        var certificates: [OpenPGPCertificate] = []
        for key in file.keys {
            do {
                let certificate = try OpenPGPCertificate(key, by: rules)
                certificates.append(certificate)
                firstRefusal =
                    firstRefusal ?? certificate.signers.lazy.compactMap(\.refusal).first
            } catch { firstRefusal = firstRefusal ?? error }
        }
        self.certificates = certificates
        self.rules = rules
        guard signers.contains(where: \.couldSign) else { throw firstRefusal ?? .truncated }
    }

    /// The packets of the keys in a file that a policy needs, as armour: what others certified is left
    /// out; so are photographs, if it would be too long with them and nothing else changes thereby.
    ///
    /// - Returns: `nil` for anything but public keys.
    static func text(of file: [UInt8]) -> [UInt8]? {
        guard let file = try? OpenPGPKeyFile(parsing: file) else { return nil }
        let text = OpenPGPArmour.encode(file.ownPackets(), as: .publicKey)
        guard text.count > KeyEntry.longestInline else { return text }
        let short = OpenPGPArmour.encode(
            file.ownPackets(withAttributes: false), as: .publicKey)
        guard let shortFile = try? OpenPGPKeyFile(parsing: short) else { return text }
        // What the entry will say of SHA-1 is not known here, and may be changed later.
        let same = [false, true].allSatisfy { acceptsSHA1 in
            let rules = OpenPGPKeyRules(acceptsSHA1Binding: acceptsSHA1)
            guard let all = try? Self(file, by: rules) else {
                return (try? Self(shortFile, by: rules)) == nil
            }
            return (try? Self(shortFile, by: rules))?.isVerified(as: all) ?? false
        }
        return same ? short : text
    }

    /// Whether another ring has the same keys, and each of them may do the same.
    private func isVerified(as other: OpenPGPKeyring) -> Bool {
        signers.elementsEqual(other.signers) {
            $0.packet.body == $1.packet.body && $0.refusal == $1.refusal && $0.end == $1.end
                && $0.revocations == $1.revocations
        }
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
        for certificate in kept where !certificate.signers.contains(where: \.couldSign) {
            throw certificate.signers.first?.refusal ?? .truncated
        }
        return OpenPGPKeyring(certificates: kept, rules: rules)
    }
}

extension OpenPGPSigner {
    /// Whether it may sign, or would if the policy's entry took SHA-1.
    fileprivate var couldSign: Bool { refusal == nil || refusal == .boundBySHA1 }
}
