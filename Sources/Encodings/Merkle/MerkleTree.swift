package import CloseoutOpenSSL

/// An RFC 6962 tree with all its nodes at hand, which makes proofs in steps of its height.
///
/// It holds some 64 bytes a leaf. Where only a root is wanted, `MerkleAccumulator` needs next to none.
package struct MerkleTree: Sendable {
    // Level 0 is the leaves; node i of a level is made of nodes 2i and 2i + 1 of the level below,
    // and a last node without a sibling moves up as it is. The top level has one node.
    private let levels: [[SHA256Digest]]
    private let emptyRoot: SHA256Digest

    /// Builds the tree over the hashes of its leaves.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package init(_ leaves: [SHA256Digest]) throws(OpenSSLError) {
        try self.init(leaves, keeping: [], of: 0)
    }

    /// Builds the tree that has more leaves behind the ones of this tree, whose nodes it keeps.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package func adding(
        _ leaves: some Collection<SHA256Digest>
    ) throws(OpenSSLError) -> MerkleTree {
        try MerkleTree((levels.first ?? []) + leaves, keeping: levels, of: size)
    }

    /// Builds a tree whose first leaves are those of another one.
    private init(
        _ leaves: [SHA256Digest], keeping old: [[SHA256Digest]], of oldSize: Int
    ) throws(OpenSSLError) {
        var hasher = try MerkleHasher()
        var levels = [leaves]
        var level = leaves
        while level.count > 1 {
            // These nodes have two whole subtrees of old leaves below them.
            let kept = oldSize >> levels.count
            var next: [SHA256Digest] = []
            next.reserveCapacity((level.count + 1) / 2)
            if kept > 0 { next += old[levels.count].prefix(kept) }
            for index in stride(from: 2 * kept, to: level.count - 1, by: 2) {
                next.append(try hasher.node(level[index], level[index + 1]))
            }
            if !level.count.isMultiple(of: 2), let last = level.last { next.append(last) }
            levels.append(next)
            level = next
        }
        self.levels = levels
        emptyRoot = try Merkle.emptyRoot()
    }

    /// The number of leaves.
    package var size: Int { levels.first?.count ?? 0 }

    /// The root over all leaves.
    package var root: SHA256Digest { levels.last?.first ?? emptyRoot }

    /// The root over the first leaves only; nil when there are not as many.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package func root(first size: Int) throws(OpenSSLError) -> SHA256Digest? {
        guard (0...self.size).contains(size) else { return nil }
        var hasher = try MerkleHasher()
        var root: SHA256Digest?
        for (height, level) in levels.enumerated() where size >> height & 1 == 1 {
            let subtree = level[size >> height - 1]
            root = if let right = root { try hasher.node(subtree, right) } else { subtree }
        }
        return root ?? emptyRoot
    }

    /// The inclusion proof of the leaf at an index, from leaf to root; nil when there is no such leaf.
    package func inclusionPath(of index: Int) -> [SHA256Digest]? {
        guard (0..<size).contains(index) else { return nil }
        return levels.enumerated().compactMap { height, level in
            let sibling = index >> height ^ 1
            return sibling < level.count ? level[sibling] : nil
        }
    }

    /// The proof that the tree over the first leaves grew into this one; nil when there are fewer.
    ///
    /// Empty when nothing has to be proved: from no leaf, or from all of them.
    package func consistencyPath(from oldSize: Int) -> [SHA256Digest]? {
        guard (0...size).contains(oldSize) else { return nil }
        guard oldSize > 0, oldSize < size else { return [] }
        var path: [SHA256Digest] = []
        let start = oldSize.trailingZeroBitCount
        if oldSize >> start > 1 { path.append(levels[start][oldSize >> start - 1]) }
        for (height, level) in levels.enumerated().dropFirst(start) {
            let sibling = (oldSize - 1) >> height ^ 1
            if sibling < level.count { path.append(level[sibling]) }
        }
        return path
    }
}
