import Encodings
package import OpenSSL

/// The log of a bundle as it was read: the entries, or what is wrong with the lines (docs/log.md).
package struct BundleLog: Sendable {
    /// The entries of the lines that could be read, in order.
    package private(set) var entries: [LogEntry] = []
    /// The leaf hash of every line, also of one that could not be read.
    package private(set) var leaves: [SHA256Digest] = []
    /// What is wrong, in the order of the lines.
    package private(set) var defects: [LogDefect] = []

    /// How many lines the log has.
    package var size: Int { leaves.count }

    /// Reads all bytes of `log.jsonl`.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package init(parsing bytes: [UInt8]) throws(OpenSSLError) {
        guard bytes.count <= BundleLimits.log else {
            defects.append(
                LogDefect(kind: .limits, line: 0, reason: "the log is larger than allowed"))
            return
        }
        if bytes.last != UInt8(ascii: "\n") {
            defects.append(
                LogDefect(kind: .format, line: 0, reason: "the log does not end in a line feed"))
        }
        let body = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard !bytes.isEmpty else { return }
        var seen = Uniqueness()
        for line in body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard leaves.count < BundleLimits.logLines else {
                defects.append(
                    LogDefect(
                        kind: .limits, line: leaves.count, reason: "the log has too many lines"))
                return
            }
            try read(Array(line), &seen)
        }
        checkHead()
    }

    private mutating func read(_ line: [UInt8], _ seen: inout Uniqueness) throws(OpenSSLError) {
        let number = leaves.count
        leaves.append(try Merkle.leafHash(line))
        let entry: LogEntry
        do {
            entry = try LogEntry(parsing: line)
        } catch {
            let kind: LogDefect.Kind = error == .tooLong ? .limits : .format
            defects.append(LogDefect(kind: kind, line: number, reason: error.description))
            return
        }
        if entry.sequence != number {
            defects.append(
                LogDefect(
                    kind: .sequence, line: number,
                    reason: "says seq \(entry.sequence) and is line \(number)"))
        }
        if let reason = seen.repeated(by: entry) {
            defects.append(LogDefect(kind: .duplicate, line: number, reason: reason))
        }
        entries.append(entry)
    }

    /// The first four entries are seal, manifest, sums and readme, and nothing else is.
    private mutating func checkHead() {
        for (index, kind) in EntryKind.head.enumerated() {
            guard let entry = entries.first(where: { $0.sequence == index }), entry.kind == kind,
                entry.mediaType == MediaType.head(kind)?.name
            else {
                defects.append(
                    LogDefect(kind: .head, line: index, reason: "is not the \(kind.rawValue)"))
                continue
            }
        }
        for entry in entries where entry.sequence >= EntryKind.head.count {
            guard EntryKind.head.contains(entry.kind) else { continue }
            defects.append(
                LogDefect(
                    kind: .head, line: entry.sequence,
                    reason: "is a second \(entry.kind.rawValue)"))
        }
    }

    /// The Merkle root over the first `size` lines, or over all.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package func root(ofFirst size: Int? = nil) throws(OpenSSLError) -> SHA256Digest {
        try Merkle.root(of: Array(leaves.prefix(size ?? leaves.count)))
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
    /// The index of the line, from 0.
    package let line: Int
    /// What is wrong, in words that follow the line's name.
    package let reason: String
}

/// Which paths and digests earlier lines have named.
private struct Uniqueness {
    private var paths: Set<[UInt8]> = []
    private var digests: Set<SHA256Digest> = []

    mutating func repeated(by entry: LogEntry) -> String? {
        let newPath = paths.insert(entry.path).inserted
        let newDigest = digests.insert(entry.digest).inserted
        if !newPath { return "names \(printable(entry.path)) again" }
        return newDigest ? nil : "names content that an earlier line names already"
    }
}
