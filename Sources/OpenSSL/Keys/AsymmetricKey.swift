import CloseoutCOpenSSL

/// Names `EVP_PKEY`.
enum AsymmetricKey: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe EVP_PKEY_free(pointer) }
}

/// Names `EVP_PKEY_CTX`.
enum AsymmetricKeyContext: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe EVP_PKEY_CTX_free(pointer) }
}

extension Owned where Object == AsymmetricKeyContext {
    /// A context for making keys of the type.
    ///
    /// - Throws: ``KeyError/unsupported(_:)`` if this libcrypto does not have the type.
    init(making type: KeyType) throws(KeyError) {
        let library = try keyed(Library.shared())
        guard
            let context = unsafe EVP_PKEY_CTX_new_from_name(
                library.context, type.libraryName, nil)
        else {
            OpenSSLError.clearQueue()
            throw .unsupported(
                "\(type.libraryName) is not in \(libraryVersion); it came with \(type.firstVersion)"
            )
        }
        self = try keyed(unsafe Owned(owning: context, from: "EVP_PKEY_CTX_new_from_name"))
    }
}

extension Owned where Object == AsymmetricKey {
    /// The public key whose SubjectPublicKeyInfo holds these bytes; no point off its curve is taken.
    init(publicBytes bytes: [UInt8], type: KeyType) throws(KeyError) {
        self = try unsafe Self.fromData(type) { context, key in
            guard let group = type.groupName else {
                return unsafe COpenSSL_EVP_PKEY_from_public_bytes(
                    context, key, nil, bytes, bytes.count)
            }
            return unsafe COpenSSL_EVP_PKEY_from_public_bytes(
                context, key, group, bytes, bytes.count)
        }
    }

    /// The RSA public key of two big-endian integers.
    init(modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>) throws(KeyError) {
        let modulus = inMachineOrder(modulus)
        let exponent = inMachineOrder(exponent)
        self = try unsafe Self.fromData(.rsa) { context, key in
            unsafe COpenSSL_EVP_PKEY_from_public_integers(
                context, key, modulus, modulus.count, exponent, exponent.count)
        }
    }

    /// The RSA private key of three big-endian integers, without its factors.
    init(modulus: [UInt8], exponent: [UInt8], secret: [UInt8]) throws(KeyError) {
        let modulus = inMachineOrder(modulus[...])
        let exponent = inMachineOrder(exponent[...])
        var secret = inMachineOrder(secret[...])
        defer { wipe(&secret) }
        self = try unsafe Self.fromData(.rsa) { context, key in
            unsafe COpenSSL_EVP_PKEY_from_private_integers(
                context, key, modulus, modulus.count, exponent, exponent.count, secret,
                secret.count)
        }
    }

    private static func fromData(
        _ type: KeyType,
        _ importer: (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>) -> CInt
    ) throws(KeyError) -> Owned {
        let context = try Owned<AsymmetricKeyContext>(making: type)
        try keyed(unsafe require(EVP_PKEY_fromdata_init(context.pointer), "EVP_PKEY_fromdata_init"))
        var key: OpaquePointer?
        guard unsafe importer(context.pointer, &key) == 1 else {
            throw .notAKey(OpenSSLError.taken(after: "EVP_PKEY_fromdata").description)
        }
        return try keyed(unsafe Owned(owning: key, from: "EVP_PKEY_fromdata"))
    }
}

private func inMachineOrder(_ bigEndian: ArraySlice<UInt8>) -> [UInt8] {
    UInt16(1).bigEndian == 1 ? [UInt8](bigEndian) : bigEndian.reversed()
}
