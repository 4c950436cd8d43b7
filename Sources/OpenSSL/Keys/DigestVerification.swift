import CloseoutCOpenSSL

/// One verifying of a signature by the digest of its message, which was computed before.
///
/// It says what ``SignatureOperation`` says of the message itself.
struct DigestVerification: ~Copyable {
    private let context: Owned<AsymmetricKeyContext>

    /// Sets up a key of RSA, with its padding, or of an elliptic curve.
    init(
        _ hash: DigestAlgorithm, padding: RSAPadding?, salt: PSSSalt,
        key: borrowing Owned<AsymmetricKey>
    ) throws(OpenSSLError) {
        let library = try Library.shared()
        let implementation = try hash.implementation()
        let context = try unsafe Owned<AsymmetricKeyContext>(
            owning: EVP_PKEY_CTX_new_from_pkey(library.context, key.pointer, nil),
            from: "EVP_PKEY_CTX_new_from_pkey")
        try unsafe require(EVP_PKEY_verify_init(context.pointer), "EVP_PKEY_verify_init")
        if let padding { try unsafe padding.set(salt, on: context.pointer) }
        try unsafe require(
            EVP_PKEY_CTX_set_signature_md(context.pointer, implementation.pointer),
            "EVP_PKEY_CTX_set_signature_md")
        if padding == .pss {
            try unsafe require(
                EVP_PKEY_CTX_set_rsa_mgf1_md(context.pointer, implementation.pointer),
                "EVP_PKEY_CTX_set_rsa_mgf1_md")
        }
        self.context = context
    }

    /// Whether the signature is right; negative values mean no, as in ``SignatureOperation``.
    consuming func verify(
        _ signature: [UInt8], over digest: [UInt8]
    ) throws(OpenSSLError) -> Bool {
        let result = unsafe EVP_PKEY_verify(
            context.pointer, signature, signature.count, digest, digest.count)
        guard result != 1 else { return true }
        try OpenSSLError.throwIfOutOfMemory(after: "EVP_PKEY_verify")
        return false
    }
}
