import CloseoutCOpenSSL

/// A SHA-256 digest: 32 bytes held inline, ordered as its bytes are.
package struct SHA256Digest: Hashable, Comparable, Sendable {
    /// The bytes as four big-endian words, so that comparing words compares bytes.
    package let words: (UInt64, UInt64, UInt64, UInt64)

    /// A digest of exactly 32 bytes; nil for any other number.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { unsafe $0.copyBytes(from: bytes) }
        self.init(inMemory: words)
    }

    /// The digest of which `words` are the bytes, as four big-endian words.
    package init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// The 32 bytes as they lie in memory.
    init(inMemory words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = (
            UInt64(bigEndian: words.0), UInt64(bigEndian: words.1),
            UInt64(bigEndian: words.2), UInt64(bigEndian: words.3)
        )
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            let inMemory = (
                words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
            )
            unsafe withUnsafeBytes(of: inMemory) { unsafe _ = buffer.update(fromContentsOf: $0) }
            count = 32
        }
    }

    /// Writes the 32 bytes over those that begin at an index.
    package func write(to target: inout MutableSpan<UInt8>, at start: Int) {
        for index in 0..<8 {
            let shift = UInt64(56 - 8 * index)
            target[start + index] = UInt8(truncatingIfNeeded: words.0 >> shift)
            target[start + 8 + index] = UInt8(truncatingIfNeeded: words.1 >> shift)
            target[start + 16 + index] = UInt8(truncatingIfNeeded: words.2 >> shift)
            target[start + 24 + index] = UInt8(truncatingIfNeeded: words.3 >> shift)
        }
    }

    package static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
        left.words == right.words
    }

    package static func < (left: SHA256Digest, right: SHA256Digest) -> Bool {
        left.words < right.words
    }

    package func hash(into hasher: inout Hasher) {
        // All of it: whoever writes a log or a link may choose digests that begin alike.
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension SHA256Digest {
    /// The digest of a message that is wholly in memory.
    package static func of(_ message: [UInt8]) throws(OpenSSLError) -> SHA256Digest {
        try of(message.span)
    }

    /// The digest of a message that is wholly in memory.
    ///
    /// For many messages a reused ``DigestContext`` is quicker.
    package static func of(_ message: Span<UInt8>) throws(OpenSSLError) -> SHA256Digest {
        let implementation = try DigestAlgorithm.sha256.implementation()
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let result = unsafe message.withUnsafeBytes { message in
            unsafe withUnsafeMutableBytes(of: &words) { words in
                unsafe EVP_Digest(
                    message.baseAddress, message.count, words.baseAddress, nil,
                    implementation.pointer, nil)
            }
        }
        try require(result, "EVP_Digest")
        return SHA256Digest(inMemory: words)
    }
}
