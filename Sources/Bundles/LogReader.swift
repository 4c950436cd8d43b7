import CloseoutEncodings
import CloseoutOpenSSL

/// Splits a log into lines, and checks each by itself and against those before it (docs/log.md, "Entry").
struct LogReader {
    /// The lines, which are still to be read.
    private(set) var lines: [ArraySlice<UInt8>] = []
    private(set) var entries: [LogEntry] = []
    private(set) var leaves: [SHA256Digest] = []
    private(set) var defects: [LogDefect] = []
    private(set) var seen = Uniqueness()
    private var hasWindowsLineEnds = false
    private var hasTooManyLines = false

    /// Splits the bytes of a log.
    init(_ bytes: [UInt8]) {
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
        lines = body.split(
            separator: UInt8(ascii: "\n"), maxSplits: BundleLimits.logLines,
            omittingEmptySubsequences: false)
        hasTooManyLines = lines.count > BundleLimits.logLines
        if hasTooManyLines { lines.removeLast() }
    }

    /// Takes in all lines, each of which was read by itself.
    mutating func take(_ lines: some Sequence<LogLine>) {
        for line in lines { take(line) }
        guard !hasTooManyLines else {
            defects.append(
                LogDefect(kind: .limits, line: nil, reason: "has too many lines"))
            return
        }
        if hasWindowsLineEnds {
            let reason = "has Windows line ends (CR LF): it was changed on its way"
            defects.insert(LogDefect(kind: .format, line: nil, reason: reason), at: 0)
        }
        guard !leaves.isEmpty else { return }
        checkHead()
    }

    private mutating func take(_ line: LogLine) {
        let number = leaves.count
        leaves.append(line.leaf)
        let entry: LogEntry
        switch line.content {
        case .success(let read): entry = read
        case .failure(let error):
            guard !line.endsInCarriageReturn else {
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

/// One line of a log, read by itself.
struct LogLine: Sendable {
    /// Its leaf hash.
    let leaf: SHA256Digest
    /// The entry, or what is wrong with it.
    let content: Result<LogEntry, LogLineError>
    let endsInCarriageReturn: Bool

    /// Reads lines.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    static func read(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(OpenSSLError) -> [LogLine] {
        var hasher = try MerkleHasher()
        return try lines.map { line throws(OpenSSLError) in
            let bytes = Array(line)
            return LogLine(
                leaf: try hasher.leaf(bytes.span),
                content: Result { () throws(LogLineError) in try LogEntry(parsing: bytes) },
                endsInCarriageReturn: bytes.last == UInt8(ascii: "\r"))
        }
    }
}

/// Which paths and digests earlier lines have named.
struct Uniqueness {
    private(set) var paths: Set<[UInt8]> = []
    private var digests: Set<SHA256Digest> = []

    mutating func repeated(by entry: LogEntry) -> String? {
        let newPath = paths.insert(entry.path).inserted
        let newDigest = digests.insert(entry.digest).inserted
        if !newPath { return "names \(printable(entry.path)) again" }
        return newDigest ? nil : "names content that an earlier line names already"
    }
}
