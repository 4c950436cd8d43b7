package import OpenSSL

/// A key of minisign.
package struct MinisignKey: VerificationKey {
    let key: NumberedKey
    /// Whether signatures over the file itself count, as minisign made them before version 0.10.
    let acceptsLegacy: Bool

    package var publicKeys: [PublicKey] { [key.publicKey] }
    package var algorithm: SignatureAlgorithm { .ed25519 }
    /// Records and checkpoints are signed by plain keys alone.
    package var roles: Set<Role> { [.release, .archive] }
    package var weakness: String? { nil }
}
