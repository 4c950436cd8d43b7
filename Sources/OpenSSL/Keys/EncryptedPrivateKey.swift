import CloseoutCOpenSSL

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

    /// The PrivateKeyInfo inside, in DER.
    ///
    /// - Throws: ``KeyError/wrongPassphrase``; ``KeyError/unsupported(_:)`` for another scheme than
    ///   PBES2 or one that would take minutes; ``KeyError/notAKey(_:)``.
    static func decrypt(_ der: [UInt8], passphrase: [UInt8]) throws(KeyError) -> [UInt8] {
        try checkScheme(of: der)
        let library = try keyed(Library.shared())
        guard let sealed = unsafe decoded(der, { unsafe d2i_X509_SIG(nil, $0, $1) }) else {
            throw .notAKey(OpenSSLError.taken(after: "d2i_X509_SIG").description)
        }
        defer { unsafe X509_SIG_free(sealed) }
        let pointer = unsafe passphrase.withUnsafeBytes { passphrase in
            unsafe PKCS8_decrypt_ex(
                sealed, passphrase.bindMemory(to: CChar.self).baseAddress,
                CInt(passphrase.count), library.context, nil)
        }
        if unsafe pointer == nil, isWrongPassphrase(ERR_peek_last_error()) {
            OpenSSLError.clearQueue()
            throw .wrongPassphrase
        }
        let info = try unsafe Owned<PrivateKeyInfo>(reading: pointer, with: "PKCS8_decrypt_ex")
        guard let plain = unsafe encoded({ unsafe i2d_PKCS8_PRIV_KEY_INFO(info.pointer, $0) })
        else { throw .openSSL(.taken(after: "i2d_PKCS8_PRIV_KEY_INFO")) }
        return plain
    }

    /// A wrong passphrase shows in the padding or, once in 256 times, in what is inside.
    private static func isWrongPassphrase(_ code: CUnsignedLong) -> Bool {
        let reasons = [PKCS12_R_PKCS12_CIPHERFINAL_ERROR, PKCS12_R_DECODE_ERROR]
        return ERR_GET_LIB(code) == ERR_LIB_PKCS12 && reasons.contains(ERR_GET_REASON(code))
    }

    /// Refuses what libcrypto does not know or would try to decrypt for minutes.
    private static func checkScheme(of der: [UInt8]) throws(KeyError) {
        var outer = DERReader(der[...])
        var fields = DERReader(outer.readLast(.sequence) ?? [])
        var algorithm = DERReader(fields.read(.sequence) ?? [])
        guard algorithm.read(.objectIdentifier) == pbes2[...] else {
            throw .unsupported("encryption by another scheme than PBES2")
        }
        var scheme = DERReader(algorithm.readLast(.sequence) ?? [])
        var derivation = DERReader(scheme.read(.sequence) ?? [])
        let function = derivation.read(.objectIdentifier)
        // PBKDF2 has one factor of work, the iterations; scrypt has N, r and p.
        guard function == pbkdf2[...] || function == scrypt[...] else {
            throw .unsupported("encryption under a key from neither PBKDF2 nor scrypt")
        }
        var parameters = DERReader(derivation.readLast(.sequence) ?? [])
        guard parameters.read(.octetString) != nil,
            product(of: function == pbkdf2[...] ? 1 : 3, &parameters) != nil
        else { throw .unsupported("encryption that takes minutes to undo") }
    }

    /// The product of the next integers; nil above the limit.
    private static func product(of count: Int, _ reader: inout DERReader) -> Int? {
        var product = 1
        for _ in 0..<count {
            guard let digits = reader.readPositiveInteger(), digits.count <= 4 else { return nil }
            product *= digits.reduce(0) { $0 << 8 | Int($1) }
            guard product <= workLimit else { return nil }
        }
        return product
    }

    private static let pbes2: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, 13]
    private static let pbkdf2: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, 12]
    private static let scrypt: [UInt8] = [0x2B, 6, 1, 4, 1, 0xDA, 0x47, 4, 11]

    /// Some seconds of either function.
    private static let workLimit = 1 << 24
    /// About a tenth of a second for each guess.
    private static let iterations: CInt = 600_000
    private static let saltSize: CInt = 16
}

/// Names `EVP_CIPHER`.
private enum Cipher: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe EVP_CIPHER_free(pointer) }
}
