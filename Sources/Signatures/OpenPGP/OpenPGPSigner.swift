package import CloseoutEncodings
package import CloseoutOpenSSL

/// A primary key or subkey of a certificate: whether it may sign files, and its own end.
struct OpenPGPSigner {
    /// The key.
    let packet: OpenPGPKeyPacket
    /// What the policy's entry says of it.
    let rules: OpenPGPKeyRules
    /// Why it may not sign files; `nil` where it may.
    var refusal: OpenPGPError?
    /// The revocations of this key and, for a subkey, of its primary key.
    var revocations: [PolicyKey.Revocation] = []
    /// Why the primary key, which vouches for it, is too weak.
    var weaknessOfPrimary: String?
    /// From when on it has ended by its owner's word; a subkey ends no later than its primary key.
    var end: Instant?

    /// The key as verified for one signature, under the algorithm that the signature used.
    ///
    /// - Parameters:
    ///   - algorithm: The algorithm.
    ///   - dated: When the signature says that it was made; `nil` where there is none.
    /// - Returns: `nil` where it may not sign or the algorithm is not one of its type.
    func part(using algorithm: SignatureAlgorithm, dated: Instant? = nil) -> OpenPGPKeyPart? {
        guard refusal == nil, let publicKey = try? packet.publicKey.get(),
            let key = SPKIKey(publicKey, algorithm: algorithm)
        else { return nil }
        return OpenPGPKeyPart(
            key: key, fingerprint: packet.fingerprint, revocations: revocations,
            weakness: key.weakness ?? weaknessOfPrimary, end: end,
            ignoresEnd: rules.ignoresExpiry, dated: dated,
            created: Instant(secondsSince1970: Int64(packet.created)))
    }

    /// The same under the algorithm that its type of key usually has.
    var usualPart: OpenPGPKeyPart? {
        usualAlgorithm.flatMap { part(using: $0) }
    }

    /// The algorithm that its type of key usually has; `nil` where the key is none that is read.
    var usualAlgorithm: SignatureAlgorithm? {
        (try? packet.publicKey.get()).map { .implied(by: $0.type) ?? .rsaPKCS1SHA512 }
    }
}

/// One signing key of an OpenPGP key ring, which made a signature.
package struct OpenPGPKeyPart: VerificationKey {
    let key: SPKIKey
    /// The 20 bytes by which OpenPGP names the key.
    package let fingerprint: [UInt8]
    /// The revocations of this key and, for a subkey, of its primary key.
    package let revocations: [PolicyKey.Revocation]
    /// Why it, or the primary key that vouches for it, is too weak.
    package let weakness: String?
    /// From when on it has ended by its owner's word.
    package let end: Instant?
    /// Whether the policy does not look at that.
    package let ignoresEnd: Bool
    /// When the signature says that it was made.
    let dated: Instant?
    /// When the owner says that the key was made.
    let created: Instant?

    /// The one key inside.
    package var publicKeys: [PublicKey] { [key.publicKey] }
    /// The algorithm that the signature used.
    package var algorithm: SignatureAlgorithm { key.algorithm }
    /// Its fingerprint in upper-case hex.
    package var names: [String] { [String(decoding: openPGPHex(fingerprint), as: UTF8.self)] }
    /// Those of every OpenPGP key.
    package var roles: Set<Role> { OpenPGPKeyring.roles }

    /// Why the signature cannot be one of the key, by what both say of themselves: it is older.
    var earliness: String? {
        guard let created, let dated, dated < created else { return nil }
        return "it is dated \(dated), and its key was made at \(created)"
    }

    /// Why the signature cannot be one of the key's time, by what it says of itself.
    ///
    /// Its date is asserted: one from before the end proves nothing, and one from after it is the
    /// signer's own word.
    var lateness: String? {
        guard !ignoresEnd, let end, let dated, dated >= end else { return nil }
        return "it is dated \(dated), and its key ended by its owner's word at \(end)"
    }
}
