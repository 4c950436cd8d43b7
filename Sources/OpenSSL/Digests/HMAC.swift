import CloseoutCOpenSSL

/// Computes the keyed digest of a message that is wholly in memory (HMAC, RFC 2104).
///
/// - Parameters:
///   - algorithm: The digest that it is made of.
///   - message: The message.
///   - key: The key, of any length.
/// - Returns: `algorithm.size` bytes.
/// - Throws: what libcrypto says, such as that it has no memory.
package func hmac(
    _ algorithm: DigestAlgorithm, of message: [UInt8], key: [UInt8]
) throws(OpenSSLError) -> [UInt8] {
    let library = try Library.shared()
    // libcrypto takes a missing key for "the key of before": an empty one is the same as one zero byte.
    let key = key.isEmpty ? [0] : key
    var written = 0
    let code = unsafe [UInt8](unsafeUninitializedCapacity: algorithm.size) { buffer, count in
        let result = unsafe EVP_Q_mac(
            library.context, "HMAC", nil, algorithm.libraryName, nil, key, key.count, message,
            message.count, buffer.baseAddress, buffer.count, &written)
        count = unsafe result == nil ? 0 : min(written, algorithm.size)
    }
    guard code.count == algorithm.size else { throw .taken(after: "EVP_Q_mac") }
    return code
}
