import CloseoutCOpenSSL

/// The one libcrypto context of the process: default provider, no configuration file.
///
/// It lives as long as the process, and so does what is fetched from it.
///
/// `@unchecked Sendable`: the pointer is set once and `OSSL_LIB_CTX` locks its own state.
@safe final class Library: @unchecked Sendable {
    /// The `OSSL_LIB_CTX`.
    let context: OpaquePointer

    private static let instance = Result { () throws(OpenSSLError) in try Library() }

    /// The context, made at first use.
    static func shared() throws(OpenSSLError) -> Library { try instance.get() }

    private init() throws(OpenSSLError) {
        guard OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) == 1 else {
            throw .taken(after: "OPENSSL_init_crypto")
        }
        guard let context = unsafe OSSL_LIB_CTX_new() else {
            throw .taken(after: "OSSL_LIB_CTX_new")
        }
        guard unsafe OSSL_PROVIDER_load(context, "default") != nil else {
            unsafe OSSL_LIB_CTX_free(context)
            throw .taken(after: "OSSL_PROVIDER_load")
        }
        unsafe self.context = unsafe context
    }
}

/// The version of the libcrypto that is loaded, such as `OpenSSL 3.0.19 27 Jan 2026`.
package var libraryVersion: String { unsafe String(cString: OpenSSL_version(OPENSSL_VERSION)) }
