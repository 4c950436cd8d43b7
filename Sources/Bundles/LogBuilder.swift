import CloseoutEncodings
import CloseoutOpenSSL

/// A log that grows by entries, with all that a checkpoint over it needs (docs/log.md).
struct LogBuilder {
    private(set) var bytes: [UInt8] = []
    private(set) var leaves: [SHA256Digest] = []
    /// The entries that were added here.
    private(set) var added: [LogEntry] = []
    /// Where the log has each file, and in which line.
    private var places: [SHA256Digest: (path: [UInt8], sequence: Int)] = [:]
    /// How many bytes the files have together that are read whole.
    private var readWhole = 0
    /// How many bytes the attachments have together.
    private var attachments = 0

    init() {}

    /// Goes on from a log that was read and found to be without defects.
    init(continuing log: BundleLog, bytes: [UInt8]) {
        self.bytes = bytes
        leaves = log.leaves
        for entry in log.entries {
            places[entry.digest] = (entry.path, entry.sequence)
            if entry.kind.isReadWhole {
                readWhole = min(readWhole + entry.size, BundleLimits.readWhole)
            } else if entry.kind == .attachment {
                attachments = min(attachments + entry.size, BundleLimits.attachments)
            }
        }
    }

    /// Forgets which entries were added here, once they are on the storage.
    mutating func beginAnew() { added = [] }

    /// Takes the bytes of a file into account.
    private mutating func count(_ kind: EntryKind, _ size: Int) throws(BundleError) {
        if kind.isReadWhole {
            guard bytes.count + BundleLimits.logLine + readWhole + size <= BundleLimits.readWhole
            else {
                throw .limit(
                    "the log and the files but attachments have \(BundleLimits.readWhole) bytes "
                        + "together")
            }
            readWhole += size
        } else if kind == .attachment {
            guard size <= BundleLimits.attachment else {
                throw .limit("an attachment has more than \(BundleLimits.attachment) bytes")
            }
            guard attachments + size <= BundleLimits.attachments else {
                throw .limit("the attachments have \(BundleLimits.attachments) bytes together")
            }
            attachments += size
        }
    }

    /// Where the log has a file of this digest already.
    func path(of digest: SHA256Digest) -> [UInt8]? {
        places[digest]?.path
    }

    /// The line of the log that names a file of this digest.
    func sequence(of digest: SHA256Digest) -> Int? {
        places[digest]?.sequence
    }

    /// Adds the entry of a file and returns its path in the bundle.
    mutating func append(
        _ kind: EntryKind, _ mediaType: MediaType, _ digest: SHA256Digest, size: Int, at: Instant,
        name: [UInt8]? = nil
    ) throws -> [UInt8] {
        guard leaves.count < BundleLimits.logLines else {
            throw BundleError.limit("the log has \(BundleLimits.logLines) lines")
        }
        guard bytes.count + BundleLimits.logLine < BundleLimits.log else {
            throw BundleError.limit("the log has \(BundleLimits.log) bytes")
        }
        try count(kind, size)
        var path = kind.fixedPath ?? Self.path(kind, mediaType, digest, name)
        // A name that the log has already, for other bytes, gives way to the digest.
        if name != nil, places.values.contains(where: { $0.path == path }) {
            path = Self.path(kind, mediaType, digest, nil)
        }
        let entry = LogEntry(
            sequence: leaves.count, at: at, kind: kind, mediaType: mediaType.name, path: path,
            digest: digest, size: size)
        leaves.append(try Merkle.leafHash(entry.line))
        added.append(entry)
        bytes += entry.line + [UInt8(ascii: "\n")]
        places[digest] = (path, entry.sequence)
        return path
    }

    /// The checkpoint over the log as it is now.
    func checkpoint(origin: [UInt8]) throws -> Checkpoint {
        Checkpoint(origin: origin, size: UInt64(leaves.count), root: try Merkle.root(of: leaves))
    }

    private static func path(
        _ kind: EntryKind, _ mediaType: MediaType, _ digest: SHA256Digest, _ name: [UInt8]?
    ) -> [UInt8] {
        let name = name ?? Array("\(digest.hex).\(mediaType.fileExtension)".utf8)
        return (kind.folder ?? []) + [UInt8(ascii: "/")] + name
    }
}
