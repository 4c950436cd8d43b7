package import Encodings
package import Files
package import Manifests
package import OpenSSL

/// Files being added to a bundle, under its exclusive lock (docs/bundle.md, "Append").
///
/// Nothing is visible until `commit`, which puts the files in place, then the log, then the
/// checkpoint; one that is let go removes what it wrote.
package struct BundleAppending: ~Copyable {
    private struct Pending {
        let folder: [UInt8]
        let temporary: [UInt8]
        let name: [UInt8]
    }

    /// The exact bytes of `seal.json` and their digest.
    package let seal: [UInt8]
    package let sealDigest: SHA256Digest
    /// The log as it was when the lock was taken.
    package let log: BundleLog
    /// The checkpoint as it was, if there is one.
    package let checkpointNote: SignedNote?

    private let root: Directory
    private var builder: LogBuilder
    private var pending: [Pending] = []

    /// Locks the bundle and reads what an append must not damage.
    ///
    /// - Throws: `BundleError.logInDoubt` where the log has a defect, or is not what its
    ///   checkpoint committed; appending would then sign someone else's story.
    package init(opening path: [UInt8]) throws(BundleError) {
        let opened = try tellingBundleErrors { () throws -> Opened in try Opened(path) }
        root = opened.root
        seal = opened.seal
        sealDigest = opened.sealDigest
        log = opened.log
        checkpointNote = opened.note
        builder = opened.builder
    }

    deinit {
        for file in pending {
            try? root.open(file.folder).remove(file.temporary)
        }
    }

    /// How many entries the log will have.
    package var size: Int { builder.leaves.count }

    /// Where the log has these bytes already.
    package func path(of digest: SHA256Digest) -> [UInt8]? {
        builder.path(of: digest)
    }

    /// Writes a file under a temporary name and adds its entry; same bytes are not added again.
    ///
    /// - Throws: `BundleError.privateKey`, `.limit`, or `.file`.
    package mutating func add(_ file: NewFile, at instant: Instant) throws(BundleError) -> StoredFile {
        guard let folder = file.kind.folder else {
            throw .failed("a bundle has one \(file.kind.rawValue)")
        }
        let directory = try folderInRoot(folder)
        let temporary = TemporaryName.make()
        let (digest, size) = try Self.write(file, as: temporary, in: directory)
        if let path = builder.path(of: digest) {
            try? directory.remove(temporary)
            return StoredFile(path: path, digest: digest, existed: true)
        }
        do {
            let path = try builder.append(
                file.kind, file.mediaType, digest, size: size, at: instant, name: file.name)
            let name = Array(path.dropFirst(folder.count + 1))
            pending.append(Pending(folder: folder, temporary: temporary, name: name))
            return StoredFile(path: path, digest: digest, existed: false)
        } catch {
            try? directory.remove(temporary)
            throw error as? BundleError ?? .failed("\(error)")
        }
    }

    /// Stores the present checkpoint beside its successor where others have vouched for it: witness
    /// cosignatures and time-stamps keep counting.
    ///
    /// - Throws: `BundleError`.
    package mutating func keepCheckpoint(at instant: Instant) throws(BundleError) {
        guard let note = checkpointNote else { return }
        let token = try tellingBundleErrors { () throws -> [UInt8]? in
            do {
                return try root.read(
                    BundleLayout.checkpointToken, limit: BundleLimits.signature)
            } catch let error as FileError where error.isMissing {
                return nil
            }
        }
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint(parsing: note.text)
        } catch {
            throw .logInDoubt(reason: "\(error)")
        }
        guard token != nil || note.signatures.contains(where: { $0.name != checkpoint.origin })
        else { return }
        let stem = "checkpoint-\(checkpoint.size)"
        _ = try add(
            NewFile(
                kind: .timestamp, mediaType: .note, content: .bytes(note.encoded),
                name: Array("\(stem).note".utf8)),
            at: instant)
        guard let token else { return }
        _ = try add(
            NewFile(
                kind: .timestamp, mediaType: .timestampToken, content: .bytes(token),
                name: Array("\(stem).tsr".utf8)),
            at: instant)
    }

    /// Whether a checkpoint commits the whole log as it is now.
    package var isCommitted: Bool {
        get throws(BundleError) {
            guard let note = checkpointNote else { return false }
            return try tellingBundleErrors { () throws -> Bool in
                try Checkpoint(parsing: note.text) == checkpoint()
            }
        }
    }

    /// The checkpoint that a log key is to sign.
    package func checkpoint() throws(BundleError) -> Checkpoint {
        try tellingBundleErrors {
            try builder.checkpoint(origin: CheckpointOrigin.of(seal: sealDigest))
        }
    }

    /// Puts everything in place and waits until it is on the storage.
    ///
    /// - Throws: `BundleError.file`; the bundle is then as it was, or needs `repair`.
    package consuming func commit(checkpoint note: [UInt8]?) throws(BundleError) {
        do {
            while let file = pending.first {
                let folder = try root.open(file.folder)
                try folder.rename(file.temporary, to: file.name)
                try folder.sync()
                pending.removeFirst()
            }
            if builder.leaves.count > log.size {
                try root.sync()
                try root.replace(BundleLayout.log, with: builder.bytes)
            }
            if let note { try root.replace(BundleLayout.checkpoint, with: note) }
        } catch {
            throw .file(error)
        }
    }

    private func folderInRoot(_ name: [UInt8]) throws(BundleError) -> Directory {
        do {
            do throws(FileError) {
                return try root.open(name)
            } catch where error.isMissing {
                try root.makeDirectory(name)
                return try root.open(name)
            }
        } catch {
            throw .file(error)
        }
    }

    /// Copies a file's bytes to the storage and returns their digest and count.
    private static func write(
        _ file: NewFile, as temporary: [UInt8], in directory: borrowing Directory
    ) throws(BundleError) -> (SHA256Digest, Int) {
        do {
            return try tellingBundleErrors { () throws -> (SHA256Digest, Int) in
                switch file.content {
                case .bytes(let bytes):
                    if let limit = file.kind.byteLimit, bytes.count > limit {
                        throw BundleError.limit("\(file.kind.rawValue) of \(bytes.count) bytes")
                    }
                    guard !PrivateKeyScanner.finds(in: bytes) else {
                        throw BundleError.privateKey(path: Array(file.kind.rawValue.utf8))
                    }
                    try directory.write(new: temporary, bytes)
                    return (try SHA256Digest.of(bytes), bytes.count)
                case .file(let path):
                    return try copy(path, as: temporary, in: directory)
                }
            }
        } catch {
            try? directory.remove(temporary)
            throw error
        }
    }

    private static func copy(
        _ path: [UInt8], as temporary: [UInt8], in directory: borrowing Directory
    ) throws -> (SHA256Digest, Int) {
        var input = try openFile(path)
        let output = try directory.create(temporary)
        var context = try DigestContext(.sha256)
        var scanner = PrivateKeyScanner()
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        var size = 0
        while case let count = try input.read(into: &buffer), count > 0 {
            let piece = buffer[..<count]
            try context.update(piece.span)
            scanner.scan(piece)
            try output.write(Array(piece))
            size += count
        }
        guard !scanner.found else { throw BundleError.privateKey(path: path) }
        try output.sync()
        return (try context.finishSHA256(), size)
    }
}

/// What `BundleAppending` reads when it opens a bundle.
private struct Opened: ~Copyable {
    let root: Directory
    let seal: [UInt8]
    let sealDigest: SHA256Digest
    let log: BundleLog
    let note: SignedNote?
    let builder: LogBuilder

    init(_ path: [UInt8]) throws {
        let root: Directory
        do {
            root = try Directory.open(path)
        } catch let error as FileError where error.isMissing {
            throw BundleError.notABundle(path: path, reason: "there is no such folder")
        }
        _ = try root.lock(.exclusive, waiting: true)
        let bytes = try root.read(BundleLayout.log, limit: BundleLimits.log)
        let log = try BundleLog(parsing: bytes)
        if let defect = log.defects.first {
            throw BundleError.logInDoubt(reason: "line \(defect.line) \(defect.reason)")
        }
        let seal = try root.read(BundleLayout.seal, limit: BundleLimits.seal)
        let sealDigest = try SHA256Digest.of(seal)
        guard log.first(.seal)?.digest == sealDigest else {
            throw BundleError.logInDoubt(reason: "seal.json is not the one that the log names")
        }
        note = try Self.checkpoint(in: root, of: log, seal: sealDigest)
        builder = LogBuilder(continuing: log, bytes: bytes)
        self.root = root
        self.seal = seal
        self.sealDigest = sealDigest
        self.log = log
    }

    /// The checkpoint, which must be about a prefix of this log.
    private static func checkpoint(
        in root: borrowing Directory, of log: BundleLog, seal: SHA256Digest
    ) throws -> SignedNote? {
        let bytes: [UInt8]
        do {
            bytes = try root.read(BundleLayout.checkpoint, limit: BundleLimits.checkpoint)
        } catch let error as FileError where error.isMissing {
            return nil
        }
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
}
