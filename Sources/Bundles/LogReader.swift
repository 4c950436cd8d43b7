import CloseoutEncodings
import CloseoutOpenSSL

/// Reads the lines of a log and checks each by itself and against those before it (docs/log.md, "Entry").
struct LogReader {
    private(set) var entries: [LogEntry] = []
    private(set) var leaves: [SHA256Digest] = []
    private(set) var defects: [LogDefect] = []
    private var seen = Uniqueness()
    private var hasWindowsLineEnds = false

    mutating func read(_ bytes: [UInt8]) throws(OpenSSLError) {
        guard bytes.count <= BundleLimits.log else {
            defects.append(
                LogDefect(kind: .limits, line: nil, reason: "is larger than allowed"))
            return
        }
        if bytes.last != UInt8(ascii: "\n") {
            defects.append(
                LogDefect(kind: .format, line: nil, reason: "does not end in a line feed"))
        }
        let body = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard !bytes.isEmpty else { return }
        for line in body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard leaves.count < BundleLimits.logLines else {
                defects.append(
                    LogDefect(kind: .limits, line: nil, reason: "has too many lines"))
                return
            }
            try read(line: Array(line))
        }
        if hasWindowsLineEnds {
            let reason = "has Windows line ends (CR LF): it was changed on its way"
            defects.insert(LogDefect(kind: .format, line: nil, reason: reason), at: 0)
        }
        checkHead()
    }

    private mutating func read(line: [UInt8]) throws(OpenSSLError) {
        let number = leaves.count
        leaves.append(try Merkle.leafHash(line))
        let entry: LogEntry
        do {
            entry = try LogEntry(parsing: line)
        } catch {
            guard line.last != UInt8(ascii: "\r") else {
                hasWindowsLineEnds = true
                return
            }
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
