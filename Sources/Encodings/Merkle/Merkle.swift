package import CloseoutOpenSSL

/// The Merkle tree of RFC 6962 over SHA-256: one-off hashes, roots, and the checking of proofs.
///
/// Implements "Merkle tree" of docs/log.md. Roots of parts come from `MerkleAccumulator`, proofs
/// from `MerkleTree`.
package enum Merkle {
    /// The hash of a leaf: SHA-256 of 0x00 and the entry's bytes.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package static func leafHash(_ entry: [UInt8]) throws(OpenSSLError) -> SHA256Digest {
        var hasher = try MerkleHasher()
        return try hasher.leaf(entry.span)
    }

    /// The hash of an inner node: SHA-256 of 0x01 and the hashes of its two subtrees.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package static func nodeHash(
        _ left: SHA256Digest, _ right: SHA256Digest
    ) throws(OpenSSLError) -> SHA256Digest {
        var hasher = try MerkleHasher()
        return try hasher.node(left, right)
    }

    /// The root of the tree without leaves: SHA-256 of nothing.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package static func emptyRoot() throws(OpenSSLError) -> SHA256Digest {
        try SHA256Digest.of([])
    }

    /// The root over the hashes of leaves.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package static func root(of leaves: [SHA256Digest]) throws(OpenSSLError) -> SHA256Digest {
        try root(of: leaves[...])
    }

    /// The root over the hashes of leaves.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package static func root(
        of leaves: ArraySlice<SHA256Digest>
    ) throws(OpenSSLError) -> SHA256Digest {
        var accumulator = try MerkleAccumulator()
        for leaf in leaves { try accumulator.append(leaf) }
        return try accumulator.root()
    }
}
