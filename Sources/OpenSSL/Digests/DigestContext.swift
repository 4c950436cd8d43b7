import CloseoutCOpenSSL

/// Computes the digests of one message after another.
///
/// A worker keeps one for all its messages: ``update(_:)`` any number of times, then one of the
/// functions that finish, which leave the context ready for the next message. Nothing is copied or
/// allocated here on the way (libcrypto 3.0 itself allocates its state anew for each message).
package struct DigestContext: ~Copyable {
    /// The digest that it computes.
    package let algorithm: DigestAlgorithm
    private let context: Owned<MessageDigestContext>

    /// A context that is ready for its first message.
    package init(_ algorithm: DigestAlgorithm) throws(OpenSSLError) {
        let implementation = try algorithm.implementation()
        let context = try unsafe Owned<MessageDigestContext>(
            owning: EVP_MD_CTX_new(), from: "EVP_MD_CTX_new")
        try unsafe require(
            EVP_DigestInit_ex2(context.pointer, implementation.pointer, nil), "EVP_DigestInit_ex2")
        self.algorithm = algorithm
        self.context = context
    }

    /// Adds the next bytes of the message.
    package mutating func update(_ bytes: Span<UInt8>) throws(OpenSSLError) {
        let result = unsafe bytes.withUnsafeBytes { bytes in
            unsafe EVP_DigestUpdate(context.pointer, bytes.baseAddress, bytes.count)
        }
        try require(result, "EVP_DigestUpdate")
    }

    /// Adds the next bytes of the message.
    package mutating func update(_ bytes: [UInt8]) throws(OpenSSLError) {
        try update(bytes.span)
    }

    /// The digest of the message, `algorithm.size` bytes; the next message begins.
    package mutating func finish() throws(OpenSSLError) -> [UInt8] {
        var result: CInt = 0
        let digest = unsafe [UInt8](unsafeUninitializedCapacity: algorithm.size) { buffer, count in
            unsafe result = EVP_DigestFinal_ex(context.pointer, buffer.baseAddress, nil)
            count = result == 1 ? algorithm.size : 0
        }
        try require(result, "EVP_DigestFinal_ex")
        try begin()
        return digest
    }

    /// The digest of the message with these bytes behind it; the message goes on.
    package borrowing func finish(appending suffix: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        var copy = try DigestContext(algorithm)
        try unsafe require(
            EVP_MD_CTX_copy_ex(copy.context.pointer, context.pointer), "EVP_MD_CTX_copy_ex")
        try copy.update(suffix)
        return try copy.finish()
    }

    /// The digest of the message; the next message begins.
    ///
    /// - Throws: Also when the context computes another digest than SHA-256.
    package mutating func finishSHA256() throws(OpenSSLError) -> SHA256Digest {
        guard algorithm == .sha256 else {
            throw OpenSSLError(
                function: "EVP_DigestFinal_ex", queue: ["the context computes \(algorithm)"])
        }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let result = unsafe withUnsafeMutableBytes(of: &words) { words in
            unsafe EVP_DigestFinal_ex(context.pointer, words.baseAddress, nil)
        }
        try require(result, "EVP_DigestFinal_ex")
        try begin()
        return SHA256Digest(inMemory: words)
    }

    /// Begins a message; what was added of an unfinished one is forgotten.
    ///
    /// Without an algorithm the call keeps the one it has and all its memory.
    package mutating func begin() throws(OpenSSLError) {
        try unsafe require(EVP_DigestInit_ex2(context.pointer, nil, nil), "EVP_DigestInit_ex2")
    }
}

/// Names `EVP_MD_CTX`.
enum MessageDigestContext: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe EVP_MD_CTX_free(pointer) }
}

/// The digest of a message that is wholly in memory.
package func digest(
    _ algorithm: DigestAlgorithm, of message: [UInt8]
) throws(OpenSSLError) -> [UInt8] {
    var context = try DigestContext(algorithm)
    try context.update(message)
    return try context.finish()
}
