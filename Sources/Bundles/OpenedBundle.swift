import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// A bundle that is open for appending, under its exclusive lock.
///
/// Each of its files is read at most once: log, seal, checkpoint and time-stamp at once, all others when
/// they are first needed. What is appended is known from memory.
struct OpenedBundle {
    /// Reads in the open folder, under its lock.
    let reader: BundleReader
    let seal: [UInt8]
    let sealDigest: SHA256Digest
    private(set) var log: BundleLog
    private(set) var note: SignedNote?
    /// The time-stamp beside the checkpoint, whatever it covers.
    private(set) var token: [UInt8]?
    /// The log as it can be continued.
    private(set) var builder: LogBuilder

    /// What was read, by path, as `contents` keeps it.
    private var known: [[UInt8]: FileReading] = [:]
    private var ahead: [FileReading?] = []
    private var whole: BundleContents?

    /// Reads log, seal and checkpoint, and holds them against each other; a long log on all processors.
    ///
    /// - Throws: `BundleError.logInDoubt`, or what a lower stage throws.
    static func opening(_ root: borrowing Directory) async throws -> OpenedBundle {
        let reader = BundleReader(BundleFolder(try root.duplicate()))
        let bytes = try readLog(in: root, by: reader)
        return try OpenedBundle(
            root, reader, try await BundleLog(parsingConcurrently: bytes), bytes)
    }

    /// Reads the same on this thread.
    init(_ root: borrowing Directory) throws {
        let reader = BundleReader(BundleFolder(try root.duplicate()))
        let bytes = try Self.readLog(in: root, by: reader)
        try self.init(root, reader, try BundleLog(parsing: bytes), bytes)
    }

    private static func readLog(
        in root: borrowing Directory, by reader: BundleReader
    ) throws -> [UInt8] {
        var known: [[UInt8]: FileReading] = [:]
        let bytes = try read(BundleLayout.log, BundleLimits.log, in: root, by: reader, &known)
        if let bytes { return bytes }
        throw BundleError.notABundle(path: root.path, reason: "it has no log.jsonl")
    }

    private init(
        _ root: borrowing Directory, _ reader: BundleReader, _ log: BundleLog, _ bytes: [UInt8]
    ) throws {
        self.reader = reader
        self.log = log
        known[BundleLayout.log] = .bytes(bytes, try SHA256Digest.of(bytes))
        if let defect = log.defects.first {
            throw BundleError.logInDoubt(reason: "\(defect.place) \(defect.reason)")
        }
        let seal =
            try Self.read(BundleLayout.seal, BundleLimits.seal, in: root, by: reader, &known) ?? []
        sealDigest = try SHA256Digest.of(seal)
        guard log.first(.seal)?.digest == sealDigest else {
            throw BundleError.logInDoubt(reason: "seal.json is not the one that the log names")
        }
        self.seal = seal
        note = try Self.read(
            BundleLayout.checkpoint, BundleLimits.checkpoint, in: root, by: reader, &known
        ).map { [log, sealDigest] in try Self.checkpoint($0, of: log, seal: sealDigest) }
        builder = LogBuilder(continuing: log, bytes: bytes)
        // A token that cannot be read keeps nothing, and is no reason to append nothing.
        let reading = try reader.read(
            BundleLayout.checkpointToken, limit: BundleLimits.signature)
        known[BundleLayout.checkpointToken] = reading
        token = reading.bytes
    }

    /// Reads a file and remembers that.
    ///
    /// - Returns: Its bytes; nil where there is none.
    /// - Throws: `FileError` where it cannot be read.
    private static func read(
        _ name: [UInt8], _ limit: Int, in root: borrowing Directory, by reader: BundleReader,
        _ known: inout [[UInt8]: FileReading]
    ) throws -> [UInt8]? {
        let reading = try reader.read(name, limit: limit)
        known[name] = reading
        let path = Path.join(reader.path, name)
        switch reading {
        case .bytes(let bytes, _): return bytes
        case .unreadable(let error): throw error
        case .notRegular: throw FileError(.open, path, .notRegular(try root.status(of: name).kind))
        case .tooLarge, .beyondTotal: throw FileError(.read, path, .tooLarge(limit: limit))
        case .missing, .hashed, .unread: return nil
        }
    }

    /// The checkpoint, which must be about a prefix of this log.
    private static func checkpoint(
        _ bytes: [UInt8], of log: BundleLog, seal: SHA256Digest
    ) throws -> SignedNote {
        let note: SignedNote
        let checkpoint: Checkpoint
        do {
            note = try SignedNote(parsing: bytes)
            checkpoint = try Checkpoint(parsing: note.text)
        } catch {
            throw BundleError.logInDoubt(reason: "the checkpoint is malformed: \(error)")
        }
        guard checkpoint.origin == CheckpointOrigin.of(seal: seal) else {
            throw BundleError.logInDoubt(reason: "the checkpoint is of another bundle")
        }
        guard checkpoint.size > 0, checkpoint.size <= log.size,
            try log.root(ofFirst: Int(checkpoint.size)) == checkpoint.root
        else {
            throw BundleError.logInDoubt(
                reason: "the log is not the one that its checkpoint committed")
        }
        return note
    }

    /// Reads the files of a long log on all processors, for `contents` to take from there.
    ///
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    mutating func readAhead() async throws(BundleError) {
        guard whole == nil, ahead.isEmpty else { return }
        ahead = try await reader.readAhead(log, knowing: known)
    }

    /// The whole bundle but manifest, SHA256SUMS and artifacts, as it is on the storage.
    ///
    /// - Parameters:
    ///   - hashingAttachments: Whether the attachments are looked at, which may be large.
    ///   - unfinished: The files that are being added.
    /// - Returns: What the one reading of each file gave.
    /// - Throws: `BundleError` where a folder of the bundle cannot be listed.
    mutating func contents(
        hashingAttachments: Bool, leavingOut unfinished: [[UInt8]]
    ) throws(BundleError) -> BundleContents {
        var contents: BundleContents
        if let whole {
            contents = whole
        } else {
            contents = try reader.contentsWithoutAttachments(
                of: log, ahead, knowing: known, leavingOut: unfinished)
            ahead = []
        }
        if hashingAttachments {
            contents = try reader.hashAttachments(
                of: contents, knowing: known, isDecidedOn: true)
        }
        whole = contents
        return contents
    }

    /// Takes over what else was read of the bundle under its lock, by path.
    mutating func know(_ readings: [[UInt8]: FileReading]) {
        known.merge(readings) { $1 }
    }

    /// How manifest and SHA256SUMS were read, as far as they were.
    var listReadings: [[UInt8]: FileReading] {
        known.filter { [BundleLayout.manifest, BundleLayout.sums].contains($0.key) }
    }

    /// The manifest, whose bytes are kept.
    mutating func manifest() throws(BundleError) -> FileReading {
        switch known[BundleLayout.manifest] {
        case nil, .hashed?: break
        case .some(let reading): return reading
        }
        let reading = try reader.readManifest(log.first(.manifest))
        known[BundleLayout.manifest] = reading
        return reading
    }

    /// What a file of the log is, by its one reading.
    mutating func reading(of entry: LogEntry) throws(BundleError) -> FileReading {
        if let reading = known[entry.path] { return reading }
        // The files of the log are in its order, and it has no defect.
        if let whole, entry.sequence < whole.files.count, whole.files[entry.sequence].isLookedAt {
            return whole.files[entry.sequence].reading
        }
        let isKept = entry.kind.isReadWhole && entry.size <= BundleLimits.certificate
        let reading =
            try isKept
            ? reader.read(entry.path, limit: entry.size).keptWhere(it: entry)
            : reader.hash(entry.path, limit: entry.size)
        known[entry.path] = reading
        return reading
    }

    /// Takes over what was appended and is on the storage.
    mutating func commit(
        _ log: BundleLog, _ builder: LogBuilder, _ added: [LoggedFile],
        checkpoint note: SignedNote?, token: [UInt8]?
    ) throws {
        func reading(_ bytes: [UInt8]?) throws -> FileReading {
            try bytes.map { .bytes($0, try SHA256Digest.of($0)) } ?? .missing
        }
        if whole == nil { known[BundleLayout.log] = try reading(builder.bytes) }
        known[BundleLayout.checkpoint] = try reading(note?.encoded)
        known[BundleLayout.checkpointToken] = try reading(token)
        for file in added { known[file.entry.path] = file.reading }
        whole = try whole?.growing(
            to: log, by: added, checkpoint: reading(note?.encoded),
            checkpointToken: reading(token))
        self.log = log
        self.builder = builder
        self.builder.beginAnew()
        self.note = note
        self.token = token
    }
}

extension LoggedFile {
    /// Whether this reading says what the file is.
    fileprivate var isLookedAt: Bool {
        if case .unread = reading { return false }
        return entry.kind.isReadWhole || entry.kind == .attachment
    }
}
