package import CloseoutOpenSSL

/// A key of minisign.
package struct MinisignKey: VerificationKey {
    let key: NumberedKey
    /// Whether signatures over the file itself count, as minisign made them before version 0.10.
    let acceptsLegacy: Bool

    /// The one key inside.
    package var publicKeys: [PublicKey] { [key.publicKey] }
    /// The algorithm of its signatures.
    package var algorithm: SignatureAlgorithm { .ed25519 }
    /// Records and checkpoints are signed by plain keys alone.
    package var roles: Set<Role> { [.release, .archive] }
    /// Why its signatures count for nothing; nil for a strong key.
    package var weakness: String? { nil }
}
