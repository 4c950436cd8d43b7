package import OpenSSL

/// A primary key or subkey of a certificate: whether it may sign files, and its own end.
struct OpenPGPSigner {
    /// The key.
    let packet: OpenPGPKeyPacket
    /// Why it may not sign files; `nil` where it may.
    let refusal: OpenPGPError?
    /// The revocations of this key and, for a subkey, of its primary key.
    var revocations: [PolicyKey.Revocation] = []
    /// Why the primary key, which vouches for it, is too weak.
    var weaknessOfPrimary: String?

    /// The key as judged for one signature, under the algorithm that the signature used.
    ///
    /// - Returns: `nil` where it may not sign or the algorithm is not one of its type.
    func part(using algorithm: SignatureAlgorithm) -> OpenPGPKeyPart? {
        guard refusal == nil, let publicKey = try? packet.publicKey.get(),
            let key = SPKIKey(publicKey, algorithm: algorithm)
        else { return nil }
        return OpenPGPKeyPart(
            key: key, fingerprint: packet.fingerprint, revocations: revocations,
            weakness: key.weakness ?? weaknessOfPrimary)
    }

    /// The same under the algorithm that its type of key usually has.
    var usualPart: OpenPGPKeyPart? {
        let type = try? packet.publicKey.get().type
        return part(using: type == .ed25519 ? .ed25519 : .rsaPKCS1SHA512)
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

    /// The one key inside.
    package var publicKeys: [PublicKey] { [key.publicKey] }
    /// The algorithm that the signature used.
    package var algorithm: SignatureAlgorithm { key.algorithm }
    /// Its fingerprint in upper-case hex.
    package var names: [String] { [String(decoding: openPGPHex(fingerprint), as: UTF8.self)] }
    /// Those of every OpenPGP key.
    package var roles: Set<Role> { OpenPGPKeyring.roles }
}
