package import CloseoutOpenSSL

extension Merkle {
    /// Whether a path proves that a leaf is at an index of a tree.
    ///
    /// The path goes from the leaf to the root and must have exactly the length that index and size
    /// call for. RFC 9162, section 2.1.3.2.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package static func verifyInclusion(
        of leaf: SHA256Digest, at index: UInt64, size: UInt64, path: [SHA256Digest],
        root: SHA256Digest
    ) throws(OpenSSLError) -> Bool {
        guard index < size else { return false }
        var hasher = try MerkleHasher()
        var (node, last) = (index, size - 1)
        var hash = leaf
        for sibling in path {
            guard last > 0 else { return false }
            if node.isOdd || node == last {
                hash = try hasher.node(sibling, hash)
                // A last node without a right sibling is its parent, and so on upwards.
                while !node.isOdd, node > 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                hash = try hasher.node(hash, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// Whether a path proves that a tree is an earlier state of another.
    ///
    /// Trees of equal size are consistent when their roots are equal, and the empty tree with all;
    /// the path must then be empty. RFC 9162, section 2.1.4.2.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package static func verifyConsistency(
        from oldSize: UInt64, oldRoot: SHA256Digest, to newSize: UInt64, newRoot: SHA256Digest,
        path: [SHA256Digest]
    ) throws(OpenSSLError) -> Bool {
        guard oldSize < newSize else {
            return oldSize == newSize && oldRoot == newRoot && path.isEmpty
        }
        guard oldSize > 0 else { return try oldRoot == emptyRoot() && path.isEmpty }
        var (node, last) = (oldSize - 1, newSize - 1)
        while node.isOdd { (node, last) = (node >> 1, last >> 1) }
        // The walk starts at the largest subtree that ends where the old tree ends: the old tree
        // itself when its size is a power of two, else the first hash of the path.
        var siblings = path[...]
        guard let start = node == 0 ? oldRoot : siblings.popFirst() else { return false }
        var (old, new) = (start, start)
        var hasher = try MerkleHasher()
        for sibling in siblings {
            guard last > 0 else { return false }
            if node.isOdd || node == last {
                old = try hasher.node(sibling, old)
                new = try hasher.node(sibling, new)
                while !node.isOdd, node > 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                new = try hasher.node(new, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}

extension UInt64 {
    fileprivate var isOdd: Bool { self & 1 == 1 }
}
