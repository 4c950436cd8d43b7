package import OpenSSL

/// A key of OpenBSD's signify.
package struct SignifyKey: VerificationKey {
    let key: NumberedKey

    package var publicKeys: [PublicKey] { [key.publicKey] }
    package var algorithm: SignatureAlgorithm { .ed25519 }
    /// Records and checkpoints are signed by plain keys alone.
    package var roles: Set<Role> { [.release, .archive] }
    package var weakness: String? { nil }
}
