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
        guard size >= 0, sequence >= 0 else { throw .malformed("a negative number") }
        guard kind.allows(path: path) else { throw .pathNotAllowed(path) }
        guard !mediaType.isEmpty, mediaType.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .malformed("media_type is not printable ASCII")
        }
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
