import CloseoutCOpenSSL

/// Authentication codes by a shared key (RFC 2104).
package enum HMAC {
    /// The HMAC-SHA256 of a message under a key of any length, 32 bytes.
    package static func sha256(
        key: [UInt8], over message: [UInt8]
    ) throws(OpenSSLError) -> [UInt8] {
        let library = try Library.shared()
        let size = DigestAlgorithm.sha256.size
        // libcrypto takes a missing pointer for a missing key, and an empty array may have none.
        let (bytes, length) = key.isEmpty ? ([0], 0) : (key, key.count)
        var isMade = false
        let code = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            unsafe isMade =
                EVP_Q_mac(
                    library.context, "HMAC", nil, DigestAlgorithm.sha256.libraryName, nil, bytes,
                    length, message, message.count, buffer.baseAddress, size, nil) != nil
            count = isMade ? size : 0
        }
        guard isMade else { throw .taken(after: "EVP_Q_mac") }
        return code
    }
}
