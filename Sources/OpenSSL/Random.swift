import CloseoutCOpenSSL

/// Bytes of libcrypto's random generator, fit for keys and salts.
package func randomBytes(_ count: Int) throws(OpenSSLError) -> [UInt8] {
    let library = try Library.shared()
    var result: CInt = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        unsafe result = RAND_bytes_ex(library.context, buffer.baseAddress, count, 0)
        initialized = result == 1 ? count : 0
    }
    try require(result, "RAND_bytes_ex")
    return bytes
}
