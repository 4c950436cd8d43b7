import CloseoutCOpenSSL

/// Names a C type of libcrypto and how it is freed, so that no two of them are confused.
protocol OpenSSLObject {
    /// Drops one reference to the object.
    static func free(_ pointer: OpaquePointer)
}

/// A libcrypto object with one owner; the end of the owner's life frees it.
@safe struct Owned<Object: OpenSSLObject>: ~Copyable {
    /// The object, valid as long as the owner is.
    let pointer: OpaquePointer

    /// Takes over what a C function returned.
    ///
    /// - Throws: The error queue under the function's name, if it returned nothing.
    init(owning pointer: OpaquePointer?, from function: String) throws(OpenSSLError) {
        guard let pointer = unsafe pointer else { throw .taken(after: function) }
        unsafe self.pointer = unsafe pointer
    }

    deinit { unsafe Object.free(pointer) }
}

/// Throws the error queue under the function's name unless the C function returned 1.
func require(_ result: CInt, _ function: String) throws(OpenSSLError) {
    guard result == 1 else { throw .taken(after: function) }
}
