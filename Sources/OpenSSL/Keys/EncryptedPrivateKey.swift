import COpenSSL

/// PKCS#8 under a passphrase (RFC 5958, 3; RFC 8018, PBES2).
enum EncryptedPrivateKey {
    /// AES-256-CBC under a key from PBKDF2 with HMAC-SHA-256, which every tool reads.
    static func encrypt(
        _ key: borrowing Owned<PrivateKeyInfo>, passphrase: [UInt8]
    ) throws(OpenSSLError) -> [UInt8] {
        let library = try Library.shared()
        let cipher = try unsafe Owned<Cipher>(
            owning: EVP_CIPHER_fetch(library.context, "AES-256-CBC", nil),
            from: "EVP_CIPHER_fetch")
        let scheme = unsafe PKCS5_pbe2_set_iv_ex(
            cipher.pointer, iterations, nil, saltSize, nil, NID_hmacWithSHA256, library.context)
        guard let scheme = unsafe scheme else { throw .taken(after: "PKCS5_pbe2_set_iv_ex") }
        let sealed = unsafe passphrase.withUnsafeBytes { passphrase in
            unsafe PKCS8_set0_pbe_ex(
                passphrase.bindMemory(to: CChar.self).baseAddress, CInt(passphrase.count),
                key.pointer, scheme, library.context, nil)
        }
        guard let sealed = unsafe sealed else {
            unsafe X509_ALGOR_free(scheme)
            throw .taken(after: "PKCS8_set0_pbe_ex")
        }
        defer { unsafe X509_SIG_free(sealed) }
        guard let der = unsafe encoded({ unsafe i2d_X509_SIG(sealed, $0) }) else {
            throw .taken(after: "i2d_X509_SIG")
        }
        return der
    }

    /// The key inside.
    static func decrypt(
        _ der: [UInt8], passphrase: [UInt8]
    ) throws(KeyError) -> Owned<PrivateKeyInfo> {
        let library = try keyed(Library.shared())
        guard let sealed = unsafe decoded(der, { unsafe d2i_X509_SIG(nil, $0, $1) }) else {
            throw .notAKey(OpenSSLError.taken(after: "d2i_X509_SIG").description)
        }
        defer { unsafe X509_SIG_free(sealed) }
        let key = unsafe passphrase.withUnsafeBytes { passphrase in
            unsafe PKCS8_decrypt_ex(
                sealed, passphrase.bindMemory(to: CChar.self).baseAddress,
                CInt(passphrase.count), library.context, nil)
        }
        return try unsafe Owned(reading: key, with: "PKCS8_decrypt_ex")
    }

    /// About a tenth of a second for each guess.
    private static let iterations: CInt = 600_000
    private static let saltSize: CInt = 16
}

/// Names `EVP_CIPHER`.
private enum Cipher: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe EVP_CIPHER_free(pointer) }
}
