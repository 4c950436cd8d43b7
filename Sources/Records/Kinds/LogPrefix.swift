package import CloseoutEncodings
package import CloseoutOpenSSL

/// The first entries of a bundle's log (docs/records.md, "Types of field").
package struct LogPrefix: Equatable, Sendable {
    /// How many entries.
    package let size: Int
    /// The Merkle root over their lines.
    package let root: SHA256Digest

    package init(size: Int, root: SHA256Digest) {
        self.size = size
        self.root = root
    }

    /// The prefix as a value for canonical JSON.
    package var json: JSON { ["size": JSON(count: size), "root": JSON(root)] }

    init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        size = try reader.count("size")
        root = try reader.digest("root")
        try reader.finish()
    }
}
