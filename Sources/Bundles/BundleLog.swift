import CloseoutEncodings
import CloseoutFiles
package import CloseoutOpenSSL

/// The log of a bundle as it was read: the entries, or what is wrong with the lines (docs/log.md).
package struct BundleLog: Sendable {
    /// The entries of the lines that could be read, in order.
    package let entries: [LogEntry]
    /// The leaf hash of every line, also of one that could not be read.
    package let leaves: [SHA256Digest]
    /// What is wrong, in the order of the lines.
    package let defects: [LogDefect]
    private let tree: MerkleTree
    /// The paths that it names, where it was read from bytes.
    private let pathsRead: Set<[UInt8]>?

    /// How many lines the log has.
    package var size: Int { leaves.count }

    /// Whether all of its lines could be read: only then the entries are all that it names.
    package var isReadable: Bool {
        !defects.contains { $0.kind == .format || $0.kind == .limits }
    }

    /// Whether it names a path or a content again, which it must not.
    package var repeatsItself: Bool { defects.contains { $0.kind == .duplicate } }

    /// Reads all bytes of `log.jsonl`.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package init(parsing bytes: [UInt8]) throws(OpenSSLError) {
        var reader = LogReader(bytes)
        reader.take(try LogLine.read(reader.lines[...]))
        try self.init(reader)
    }

    /// Reads the same on all processors.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    init(parsingConcurrently bytes: [UInt8]) async throws(OpenSSLError) {
        var reader = LogReader(bytes)
        let lines = reader.lines
        let parts = try await inParts(of: lines.count, least: 64) { range throws(OpenSSLError) in
            try LogLine.read(lines[range])
        }
        reader.take(parts.joined())
        try self.init(reader)
    }

    private init(_ reader: LogReader) throws(OpenSSLError) {
        entries = reader.entries
        pathsRead = reader.seen.paths
        leaves = reader.leaves
        defects = reader.defects
        tree = try MerkleTree(leaves)
    }

    /// The Merkle root over the first lines only; nil when there are not as many.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package func root(ofFirst size: Int) throws(OpenSSLError) -> SHA256Digest? {
        try tree.root(first: size)
    }

    /// The log of the first lines only, or as many as there are.
    package func first(_ size: Int) throws(OpenSSLError) -> BundleLog {
        let leaves = Array(leaves.prefix(size))
        return BundleLog(
            entries: entries.filter { $0.sequence < size }, leaves: leaves,
            defects: defects.filter { $0.line ?? 0 < size }, tree: try MerkleTree(leaves))
    }

    /// The log with more entries, whose leaves are behind those that it has.
    func growing(by added: [LogEntry], leaves: [SHA256Digest]) throws(OpenSSLError) -> BundleLog {
        BundleLog(
            entries: entries + added, leaves: leaves, defects: defects,
            tree: try tree.adding(leaves.dropFirst(size)))
    }

    private init(
        entries: [LogEntry], leaves: [SHA256Digest], defects: [LogDefect], tree: MerkleTree
    ) {
        self.entries = entries
        pathsRead = nil
        self.leaves = leaves
        self.defects = defects
        self.tree = tree
    }

    /// The paths that it names.
    var paths: Set<[UInt8]> { pathsRead ?? Set(entries.map(\.path)) }

    /// The digests of the attachments that are not empty.
    package var attachments: Set<SHA256Digest> {
        Set(entries.filter { $0.kind == .attachment && $0.size > 0 }.map(\.digest))
    }

    /// The first entry of this kind.
    package func first(_ kind: EntryKind) -> LogEntry? {
        entries.first { $0.kind == kind }
    }
}

/// Something wrong with the log, bound to a line.
package struct LogDefect: Equatable, Sendable {
    /// Which rule of docs/log.md is broken.
    package enum Kind: Equatable, Sendable {
        case format, sequence, head, duplicate, limits
    }
    /// Which rule it breaks.
    package let kind: Kind
    /// The index of the line, from 0; nil where it is about the file as a whole.
    package let line: Int?
    /// What is wrong, in words that follow the place.
    package let reason: String

    /// The line, or the file, by name.
    package var place: String {
        line.map { "line \($0)" } ?? String(decoding: BundleLayout.log, as: UTF8.self)
    }
}
