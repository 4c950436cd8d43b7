import OpenSSL

/// A key of minisign.
struct MinisignKey: KeyMaterial {
    let key: NumberedKey
    /// Whether signatures over the file itself count, as minisign made them before version 0.10.
    let acceptsLegacy: Bool

    var publicKeys: [PublicKey] { [key.publicKey] }
    var algorithm: SignatureAlgorithm { .ed25519 }
    /// Records and checkpoints are signed by plain keys alone.
    var roles: Set<Role> { [.release, .archive] }
    var weakness: String? { nil }
}
