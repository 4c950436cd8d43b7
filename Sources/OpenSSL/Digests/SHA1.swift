import CloseoutCOpenSSL

/// The SHA-1 of bytes, 20 bytes: the name that OpenPGP gives a key, and nothing more.
///
/// It is no digest algorithm here, so that no signature over a file can be by it.
package func sha1Name(of bytes: [UInt8]) throws(OpenSSLError) -> [UInt8] {
    let library = try Library.shared()
    var result: CInt = 0
    let name = unsafe [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
        unsafe result = EVP_Q_digest(
            library.context, "SHA1", nil, bytes, bytes.count, buffer.baseAddress, nil)
        count = result == 1 ? 20 : 0
    }
    try require(result, "EVP_Q_digest")
    return name
}
