package import CloseoutOpenSSL

/// Computes the root of an RFC 6962 tree leaf by leaf, in memory that grows with its height only.
///
/// Trees can be computed in parts: cut the leaves into blocks of 2^k, the last one shorter if need
/// be. The roots of the blocks, appended here as if they were leaves, give the root of the whole.
package struct MerkleAccumulator: ~Copyable {
    /// The number of leaves so far.
    package private(set) var size: UInt64 = 0
    private var hasher: MerkleHasher
    /// The roots of the complete subtrees side by side, the largest first: one for each 1 bit of size.
    private var subtrees: [SHA256Digest] = []

    /// An empty tree.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package init() throws(OpenSSLError) {
        hasher = try MerkleHasher()
    }

    /// Appends the hash of the next leaf.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package mutating func append(_ leaf: SHA256Digest) throws(OpenSSLError) {
        var subtree = leaf
        var remaining = size
        while remaining & 1 == 1, let left = subtrees.popLast() {
            subtree = try hasher.node(left, subtree)
            remaining >>= 1
        }
        subtrees.append(subtree)
        size += 1
    }

    /// The root over all leaves so far.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package mutating func root() throws(OpenSSLError) -> SHA256Digest {
        guard var root = subtrees.last else { return try Merkle.emptyRoot() }
        for left in subtrees.dropLast().reversed() {
            root = try hasher.node(left, root)
        }
        return root
    }
}
