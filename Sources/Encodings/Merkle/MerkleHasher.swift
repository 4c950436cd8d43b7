package import CloseoutOpenSSL

/// Hashes the leaves and nodes of RFC 6962 trees with one digest context for them all.
///
/// A worker that hashes many keeps one. The tree's definition is in docs/log.md.
package struct MerkleHasher: ~Copyable {
    private var context: DigestContext

    private static let leafPrefix: [UInt8] = [0x00]
    /// The bytes of an inner node: 0x01 and room for the hashes of two subtrees.
    private var nodeBytes: [UInt8] = [0x01] + [UInt8](repeating: 0, count: 64)

    /// A hasher that is ready for its first leaf or node.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package init() throws(OpenSSLError) {
        context = try DigestContext(.sha256)
    }

    /// The hash of a leaf: SHA-256 of 0x00 and the entry's bytes.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package mutating func leaf(_ entry: Span<UInt8>) throws(OpenSSLError) -> SHA256Digest {
        try context.update(Self.leafPrefix)
        try context.update(entry)
        return try context.finishSHA256()
    }

    /// The hash of an inner node: SHA-256 of 0x01 and the hashes of its two subtrees.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package mutating func node(
        _ left: SHA256Digest, _ right: SHA256Digest
    ) throws(OpenSSLError) -> SHA256Digest {
        var bytes = nodeBytes.mutableSpan
        left.write(to: &bytes, at: 1)
        right.write(to: &bytes, at: 33)
        try context.update(nodeBytes)
        return try context.finishSHA256()
    }
}
