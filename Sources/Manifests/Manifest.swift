package import CloseoutEncodings
package import CloseoutOpenSSL

/// A manifest that has been read: every line the canonical form of an entry, strictly ascending
/// (docs/manifest.md).
package struct Manifest: Sendable {
    /// The name of the manifest in a bundle.
    package static let fileName = Array("manifest.jsonl".utf8)
    /// The name of the list for `sha256sum` in a bundle.
    package static let sumsFileName = Array("SHA256SUMS".utf8)
    /// The most entries.
    package static let mostEntries = 10_000_000
    /// The most bytes of a path, and of a link's target.
    package static let longestPath = 4096

    let lines: LineTable
    /// By what rules the manifest was made.
    package let header: ManifestHeader
    /// The root of the Merkle tree over the entry lines.
    package let merkleRoot: SHA256Digest
    /// The SHA-256 that `SHA256SUMS` must have.
    package let sumsDigest: SHA256Digest
    /// The bytes that `SHA256SUMS` must have.
    package let sumsSize: Int
    /// What the manifest lists.
    package let totals: ManifestTotals

    /// The number of entries.
    package var count: Int { lines.count }

    /// The bytes of an entry's line, without its LF; nil when there is no such entry.
    package func line(at index: Int) -> [UInt8]? {
        lines.range(index).map { Array(lines.bytes[$0]) }
    }

    /// An entry; nil when there is no such entry.
    package func entry(at index: Int) -> ManifestEntry? {
        lines.fields(index)?.entry(in: lines.bytes.span)
    }

    /// The index of the entry of a path; nil when it has none.
    package func index(of path: [UInt8]) -> Int? {
        lines.index(of: path.span)
    }

    /// The tree over the entry lines, from which proofs are made.
    ///
    /// - Throws: `OpenSSLError` when libcrypto fails.
    package func merkleTree() throws(OpenSSLError) -> MerkleTree {
        var hasher = try MerkleHasher()
        var leaves: [SHA256Digest] = []
        leaves.reserveCapacity(count)
        for index in 0..<count {
            if let range = lines.range(index) {
                leaves.append(try hasher.leaf(lines.bytes.span.extracting(range)))
            }
        }
        return try MerkleTree(leaves)
    }
}
