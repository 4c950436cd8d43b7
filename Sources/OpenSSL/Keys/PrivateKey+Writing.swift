import CloseoutCOpenSSL

extension PrivateKey {
    /// The key as a PEM text of PKCS#8, encrypted if there is a passphrase.
    ///
    /// - Throws: ``KeyError/weak(_:)`` for an empty passphrase, ``KeyError/openSSL(_:)``.
    package func pem(passphrase: [UInt8]?) throws(KeyError) -> [UInt8] {
        let info = try keyed(
            unsafe Owned<PrivateKeyInfo>(
                owning: EVP_PKEY2PKCS8(key.pointer), from: "EVP_PKEY2PKCS8"))
        if let passphrase {
            guard !passphrase.isEmpty else { throw .weak("an empty passphrase") }
            let der = try keyed(EncryptedPrivateKey.encrypt(info, passphrase: passphrase))
            return PEM.encoded(der, label: "ENCRYPTED PRIVATE KEY")
        }
        guard var der = unsafe encoded({ unsafe i2d_PKCS8_PRIV_KEY_INFO(info.pointer, $0) }) else {
            throw .openSSL(.taken(after: "i2d_PKCS8_PRIV_KEY_INFO"))
        }
        defer { wipe(&der) }
        return PEM.encoded(der, label: "PRIVATE KEY")
    }
}
