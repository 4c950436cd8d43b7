import CloseoutCOpenSSL

extension PrivateKey {
    /// Reads PKCS#8, encrypted PKCS#8 (PBES2), a traditional EC or RSA key, as PEM or DER, or an
    /// unencrypted key of OpenSSH.
    ///
    /// A PEM text may hold other blocks besides, such as parameters or a certificate. Nobody is
    /// ever asked for the passphrase; one that is not needed is ignored.
    ///
    /// - Throws: ``KeyError/notAKey(_:)``, ``KeyError/passphraseNeeded``,
    ///   ``KeyError/wrongPassphrase``, ``KeyError/unsupported(_:)``, ``KeyError/weak(_:)``.
    package init(parsing bytes: [UInt8], passphrase: [UInt8]?) throws(KeyError) {
        var (form, der) = try Self.unwrapped(bytes)
        defer { wipe(&der) }
        try self.init(Self.key(der, form: form, passphrase: passphrase))
    }

    /// Room for an ML-DSA key and a chain of certificates.
    private static let sizeLimit = 65_536

    private static func unwrapped(
        _ bytes: [UInt8]
    ) throws(KeyError) -> (PrivateKeyForm, [UInt8]) {
        guard bytes.count <= sizeLimit else { throw .notAKey("longer than \(sizeLimit) bytes") }
        if let form = PrivateKeyForm(of: bytes) { return (form, bytes) }
        guard let blocks = PEM.blocks(in: bytes), !blocks.isEmpty else {
            throw .notAKey("neither a private key in DER nor a PEM text")
        }
        let keys = blocks.filter { $0.label.contains("PRIVATE KEY") }
        guard let block = keys.first else { throw .notAKey("a PEM text without a private key") }
        guard keys.count == 1 else { throw .notAKey("a PEM text with \(keys.count) private keys") }
        guard let form = PrivateKeyForm(label: block.label) else {
            throw .unsupported("a PEM block of the kind \(block.label.debugDescription)")
        }
        guard !block.hasHeaders else {
            throw .unsupported(
                "the old PEM encryption; `openssl pkcs8 -topk8` writes the key as PKCS#8")
        }
        guard PrivateKeyForm(of: block.content) == form else {
            throw .notAKey("the PEM block does not hold what its label says")
        }
        return (form, block.content)
    }

    private static func key(
        _ der: [UInt8], form: PrivateKeyForm, passphrase: [UInt8]?
    ) throws(KeyError) -> Owned<AsymmetricKey> {
        switch form {
        case .pkcs8: return try pkcs8Key(der)
        case .ec: return try traditionalKey(der, type: EVP_PKEY_EC)
        case .rsa: return try traditionalKey(der, type: EVP_PKEY_RSA)
        case .openSSH: return try OpenSSHPrivateKey.key(der)
        case .encryptedPKCS8:
            guard let passphrase else { throw .passphraseNeeded }
            var plain = try EncryptedPrivateKey.decrypt(der, passphrase: passphrase)
            defer { wipe(&plain) }
            return try pkcs8Key(plain)
        }
    }

    static func pkcs8Key(_ der: [UInt8]) throws(KeyError) -> Owned<AsymmetricKey> {
        var outer = DERReader(der[...])
        var fields = DERReader(outer.readLast(.sequence) ?? [])
        guard fields.read(.integer) != nil, let algorithm = fields.read(.sequence) else {
            throw .notAKey("not a PrivateKeyInfo in DER")
        }
        // Fails with the names of the type and of this libcrypto where the type is missing.
        _ = try Owned<AsymmetricKeyContext>(making: KeyType(algorithmIdentifier: algorithm))
        let library = try keyed(Library.shared())
        let pointer = unsafe decoded(der) { unsafe d2i_PKCS8_PRIV_KEY_INFO(nil, $0, $1) }
        let info = try unsafe Owned<PrivateKeyInfo>(
            reading: pointer, with: "d2i_PKCS8_PRIV_KEY_INFO")
        let key = unsafe EVP_PKCS82PKEY_ex(info.pointer, library.context, nil)
        return try unsafe Owned(reading: key, with: "EVP_PKCS82PKEY_ex")
    }

    private static func traditionalKey(
        _ der: [UInt8], type: CInt
    ) throws(KeyError) -> Owned<AsymmetricKey> {
        let library = try keyed(Library.shared())
        let pointer = unsafe decoded(der) {
            unsafe d2i_PrivateKey_ex(type, nil, $0, $1, library.context, nil)
        }
        return try unsafe Owned(reading: pointer, with: "d2i_PrivateKey_ex")
    }
}

extension Owned {
    /// Takes over what was read from input; what libcrypto says against the input is the reason.
    init(reading pointer: OpaquePointer?, with function: String) throws(KeyError) {
        do {
            try unsafe self.init(owning: pointer, from: function)
        } catch {
            throw .notAKey(error.description)
        }
    }
}

/// Names `PKCS8_PRIV_KEY_INFO`.
enum PrivateKeyInfo: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe PKCS8_PRIV_KEY_INFO_free(pointer) }
}

/// Overwrites secret bytes.
func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
}
