import OpenSSL

/// A key of OpenBSD's signify.
struct SignifyKey: KeyMaterial {
    let key: NumberedKey

    var publicKeys: [PublicKey] { [key.publicKey] }
    var algorithm: SignatureAlgorithm { .ed25519 }
    /// Records and checkpoints are signed by plain keys alone.
    var roles: Set<Role> { [.release, .archive] }
    var weakness: String? { nil }
}
