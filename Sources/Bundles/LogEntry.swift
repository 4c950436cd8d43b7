package import CloseoutEncodings
package import CloseoutOpenSSL

/// One line of `log.jsonl` (docs/log.md, "Entry").
package struct LogEntry: Equatable, Sendable {
    /// The index of the line, from 0.
    package let sequence: Int
    /// When the file was appended, as the one who appended it says.
    package let at: Instant
    /// What the file is.
    package let kind: EntryKind
    /// What its bytes are.
    package let mediaType: String
    /// Where it lies in the bundle.
    package let path: [UInt8]
    /// The SHA-256 of its bytes.
    package let digest: SHA256Digest
    /// How many bytes it has.
    package let size: Int

    package init(
        sequence: Int, at: Instant, kind: EntryKind, mediaType: String, path: [UInt8],
        digest: SHA256Digest, size: Int
    ) {
        self.sequence = sequence
        self.at = at
        self.kind = kind
        self.mediaType = mediaType
        self.path = path
        self.digest = digest
        self.size = size
    }

    /// The canonical JSON of the line, without its line feed: a leaf of the log's Merkle tree.
    package var line: [UInt8] {
        let json: JSON = [
            "at": .string(Array(at.description.utf8)),
            "kind": .string(Array(kind.rawValue.utf8)),
            "media_type": .string(Array(mediaType.utf8)),
            "path": .string(path),
            "seq": .integer(Int64(sequence)),
            "sha256": .string(Array(digest.hex.utf8)),
            "size": .integer(Int64(size)),
        ]
        return json.canonicalBytes
    }

    /// Reads one line, which must be canonical and closed.
    ///
    /// - Throws: `LogLineError` that says what is wrong with it.
    package init(parsing line: [UInt8]) throws(LogLineError) {
        guard line.count <= BundleLimits.logLine else { throw .tooLong }
        if let entry = LogEntry(plain: line) {
            self = entry
        } else {
            try self.init(json: line)
        }
        guard size >= 0, sequence >= 0 else { throw .malformed("a negative number") }
        guard kind.allows(path: path) else { throw .pathNotAllowed(path) }
        guard !mediaType.isEmpty, mediaType.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .malformed("media_type is not printable ASCII")
        }
    }

    /// Reads a line in the form that nearly every one has, of ASCII without escapes, and makes no value for
    /// each part of it; nil for any other line.
    package init?(plain line: [UInt8]) {
        var line = PlainLine(line)
        guard let at = line.text(behind: #"{"at":""#).flatMap({ Instant(parsing: Array($0)) }),
            let kind = line.text(behind: #"","kind":""#).flatMap({
                EntryKind(rawValue: String(decoding: $0, as: UTF8.self))
            }),
            let mediaType = line.text(behind: #"","media_type":""#),
            let path = line.text(behind: #"","path":""#),
            let sequence = line.number(behind: #"","seq":"#),
            let digest = line.text(behind: #","sha256":""#).flatMap({
                SHA256Digest(hex: $0.span)
            }),
            let size = line.number(behind: #"","size":"#), line.ends(with: "}")
        else { return nil }
        self.init(
            sequence: sequence, at: at, kind: kind,
            mediaType: MediaType.shared(String(decoding: mediaType, as: UTF8.self)),
            path: Array(path), digest: digest, size: size)
    }

    /// Reads any line as JSON, which checks only its form.
    package init(json line: [UInt8]) throws(LogLineError) {
        do {
            var reader = try JSONObjectReader(JSON(parsingCanonical: line), at: "log entry")
            at = try reader.instant("at")
            let kindName = try reader.string("kind")
            mediaType = MediaType.shared(try reader.string("media_type"))
            path = try reader.bytes("path")
            sequence = Int(try reader.integer("seq"))
            digest = try reader.digest("sha256")
            size = Int(try reader.integer("size"))
            try reader.finish()
            guard let kind = EntryKind(rawValue: kindName) else {
                throw LogLineError.unknownKind(kindName)
            }
            self.kind = kind
        } catch let error as LogLineError {
            throw error
        } catch let error as JSONShapeError {
            throw .malformed(error.description)
        } catch let error as JSONError {
            throw .malformed(error.description)
        } catch {
            throw .malformed("\(error)")
        }
    }
}

/// A line of canonical JSON that is taken from its front part by part.
private struct PlainLine {
    private var rest: ArraySlice<UInt8>

    init(_ line: [UInt8]) {
        rest = line[...]
    }

    /// Takes what comes before a string, and then the string up to its quote; nil where it needs escapes, or is
    /// not ASCII.
    mutating func text(behind prefix: String) -> ArraySlice<UInt8>? {
        guard take(prefix), let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        let text = rest[..<end]
        rest = rest[end...]
        return text.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
            ? text : nil
    }

    /// Takes what comes before a number, and then its digits; nil where it is not written so in canonical JSON.
    mutating func number(behind prefix: String) -> Int? {
        guard take(prefix) else { return nil }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest[digits.endIndex...]
        guard (1...15).contains(digits.count), digits.count == 1 || digits.first != 0x30 else {
            return nil
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Whether nothing but this is left.
    func ends(with suffix: String) -> Bool { rest.elementsEqual(suffix.utf8) }

    private mutating func take(_ prefix: String) -> Bool {
        guard rest.starts(with: prefix.utf8) else { return false }
        rest = rest.dropFirst(prefix.utf8.count)
        return true
    }
}

/// What can be wrong with one line of the log.
package enum LogLineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It is longer than `BundleLimits.logLine`.
    case tooLong
    /// It is not canonical JSON of the shape of an entry; the text says where.
    case malformed(String)
    /// Its kind is none that this version knows.
    case unknownKind(String)
    /// Its path may not be in a log, or not with its kind.
    case pathNotAllowed([UInt8])

    /// The cause, in words.
    package var description: String {
        switch self {
        case .tooLong: "is longer than \(BundleLimits.logLine) bytes"
        case .malformed(let detail): detail
        case .unknownKind(let name): "has the unknown kind \(printable(name))"
        case .pathNotAllowed(let path):
            "names the path \(printable(path)), which is not allowed there"
        }
    }
}
