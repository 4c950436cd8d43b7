package import CloseoutOpenSSL

/// A key of OpenBSD's signify.
package struct SignifyKey: VerificationKey {
    let key: NumberedKey

    /// The one key inside.
    package var publicKeys: [PublicKey] { [key.publicKey] }
    /// The algorithm of its signatures.
    package var algorithm: SignatureAlgorithm { .ed25519 }
    /// Records and checkpoints are signed by plain keys alone.
    package var roles: Set<Role> { [.release, .archive] }
    /// Why its signatures count for nothing; nil for a strong key.
    package var weakness: String? { nil }
}
