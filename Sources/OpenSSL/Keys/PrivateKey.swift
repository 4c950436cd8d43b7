import CloseoutCOpenSSL

/// A private key with one owner; libcrypto overwrites it in memory when the owner's life ends.
///
/// `@unchecked Sendable`: nothing in it changes after `init`, and libcrypto allows any number of
/// threads to sign with one `EVP_PKEY`.
package struct PrivateKey: ~Copyable, @unchecked Sendable {
    /// The public half.
    package let publicKey: PublicKey
    let key: Owned<AsymmetricKey>

    /// Takes over a key of libcrypto, if its public half is one that others would accept.
    init(_ key: consuming Owned<AsymmetricKey>) throws(KeyError) {
        let publicKey = try Self.publicHalf(of: key)
        guard publicKey.type != .rsa || publicKey.bits >= 2048 else {
            throw .weak("signing takes an RSA modulus of 2048 bits or more")
        }
        self.publicKey = publicKey
        self.key = key
    }

    /// Makes a new key.
    ///
    /// - Parameters:
    ///   - type: The kind of key.
    ///   - bits: The size of an RSA modulus, 3072 to 8192; of no meaning for the other types.
    /// - Returns: The key.
    /// - Throws: ``KeyError/unsupported(_:)`` if this libcrypto does not have the type,
    ///   ``KeyError/weak(_:)`` for too few bits.
    package static func generate(
        _ type: KeyType, bits: Int = 3072
    ) throws(KeyError) -> PrivateKey {
        if type == .rsa {
            guard bits >= 3072 else { throw .weak("new RSA keys have 3072 bits or more") }
            guard bits <= 8192 else { throw .unsupported("an RSA modulus of \(bits) bits") }
        }
        let context = try Owned<AsymmetricKeyContext>(making: type)
        return try PrivateKey(
            keyed(generate(in: context, group: type.groupName, bits: type == .rsa ? bits : nil)))
    }

    /// The signature over the message.
    ///
    /// It is verified before it is given out: a fault while signing can reveal the private key.
    ///
    /// - Throws: ``KeyError/algorithmMismatch(_:_:)``; ``KeyError/notAKey(_:)`` if the public half
    ///   does not accept the signature; ``KeyError/openSSL(_:)``.
    package func sign(
        _ message: [UInt8], algorithm: SignatureAlgorithm
    ) throws(KeyError) -> [UInt8] {
        guard algorithm.keyType == publicKey.type else {
            throw .algorithmMismatch(algorithm, publicKey.type)
        }
        let signature = try keyed(
            SignatureOperation(.sign, algorithm: algorithm, key: key).sign(message))
        guard try keyed(publicKey.accepts(signature, over: message, algorithm: algorithm)) else {
            throw .notAKey("its private and public halves do not belong together")
        }
        return signature
    }

    private static func generate(
        in context: borrowing Owned<AsymmetricKeyContext>, group: String?, bits: Int?
    ) throws(OpenSSLError) -> Owned<AsymmetricKey> {
        try unsafe require(EVP_PKEY_keygen_init(context.pointer), "EVP_PKEY_keygen_init")
        if let group {
            try unsafe require(
                EVP_PKEY_CTX_set_group_name(context.pointer, group), "EVP_PKEY_CTX_set_group_name")
        }
        if let bits {
            try unsafe require(
                EVP_PKEY_CTX_set_rsa_keygen_bits(context.pointer, CInt(bits)),
                "EVP_PKEY_CTX_set_rsa_keygen_bits")
        }
        var key: OpaquePointer?
        try unsafe require(EVP_PKEY_generate(context.pointer, &key), "EVP_PKEY_generate")
        return try unsafe Owned(owning: key, from: "EVP_PKEY_generate")
    }

    /// The public half, with its point uncompressed however the private key was written.
    private static func publicHalf(
        of key: borrowing Owned<AsymmetricKey>
    ) throws(KeyError) -> PublicKey {
        if unsafe EVP_PKEY_is_a(key.pointer, "EC") == 1 {
            unsafe EVP_PKEY_set_utf8_string_param(
                key.pointer, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed")
        }
        guard let spki = unsafe encoded({ unsafe i2d_PUBKEY(key.pointer, $0) }) else {
            throw .openSSL(.taken(after: "i2d_PUBKEY"))
        }
        return try PublicKey(spki: spki)
    }
}
