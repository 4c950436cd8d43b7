package import CloseoutEncodings
package import CloseoutFiles
import CloseoutManifests
package import CloseoutOpenSSL
import CloseoutRecords

/// Files being added to a bundle, under its exclusive lock (docs/bundle.md, "Append").
///
/// Nothing is visible until `commit`, which puts the files in place, then the log, then the
/// checkpoint; one that is let go removes what it wrote. What a caller asks of the bundle is read under
/// the lock, once, and what was appended is known from memory.
package struct BundleAppending: ~Copyable {
    private struct Pending {
        let folder: [UInt8]
        let temporary: [UInt8]
        let name: [UInt8]
    }

    /// The exact bytes of `seal.json` and their digest.
    package var seal: [UInt8] { opened.seal }
    /// The digest of `seal`.
    package var sealDigest: SHA256Digest { opened.sealDigest }
    /// The log on the storage.
    package var log: BundleLog { opened.log }
    /// The checkpoint as it was, or as `cosign` left it, if there is one.
    package internal(set) var checkpointNote: SignedNote?

    let root: Directory
    var opened: OpenedBundle
    /// The checkpoint on the storage.
    var savedNote: SignedNote? { opened.note }
    /// A new time-stamp over `checkpointNote`, which is to lie beside it.
    var newToken: [UInt8]?
    private(set) var builder: LogBuilder
    /// What is being added, with what is known of it.
    private var added: [LoggedFile] = []
    private var pending: [Pending] = []
    /// Whether a commit failed, so that nobody knows here what is on the storage.
    private var isInDoubt = false
    private var newFolders: [[UInt8]] = []
    /// A signal ends the program once what was begun has been removed; so this is the last property.
    private let hold = SignalHold()

    /// Locks the bundle and reads what an append must not damage.
    ///
    /// - Parameters:
    ///   - path: The bundle's folder.
    ///   - wait: How long a lock of others is waited for.
    /// - Throws: `BundleError.logInDoubt` where the log has a defect, or is not what its
    ///   checkpoint committed; appending would then sign someone else's story.
    package init(opening path: [UInt8], waiting wait: LockWait) async throws(BundleError) {
        let root = try BundlePlace(opening: path).folder()
        do throws(FileError) { try await root.lock(.exclusive, waiting: wait) } catch {
            throw .file(error)
        }
        let opened: OpenedBundle
        do { opened = try await OpenedBundle.opening(root) } catch {
            throw BundleError(reporting: error)
        }
        self.init(root, opened)
    }

    /// Locks the bundle as the other one does, unless somebody else has it locked: then it is refused at
    /// once.
    package init(opening path: [UInt8]) throws(BundleError) {
        let root = try BundlePlace(opening: path).folder()
        do throws(FileError) { try root.lockNow(.exclusive) } catch { throw .file(error) }
        let opened = try reportingBundleErrors { try OpenedBundle(root) }
        self.init(root, opened)
    }

    private init(_ root: consuming Directory, _ opened: OpenedBundle) {
        self.root = root
        checkpointNote = opened.note
        builder = opened.builder
        self.opened = opened
    }

    deinit {
        for file in pending {
            try? root.open(file.folder).remove(file.temporary)
        }
        for folder in newFolders { root.removeIfEmpty(folder) }
    }

    /// Reads other files of the bundle, under the same lock.
    package var reader: BundleReader { opened.reader }

    /// How many entries the log will have.
    package var size: Int { builder.leaves.count }

    /// Where the log has these bytes already.
    package func path(of digest: SHA256Digest) -> [UInt8]? {
        builder.path(of: digest)
    }

    /// Writes a file under a temporary name and adds its entry; same bytes are not added again.
    ///
    /// - Throws: `BundleError.privateKey`, `.limit`, or `.file`.
    package mutating func add(_ file: NewFile, at instant: Instant) throws(BundleError)
        -> StoredFile
    {
        try demandCertainty()
        guard let folder = file.kind.folder else {
            throw .failed("a bundle has one \(file.kind.rawValue)")
        }
        let directory = try folderInRoot(folder)
        let temporary = TemporaryName.make()
        let (digest, size) = try file.write(as: temporary, in: directory)
        if let path = builder.path(of: digest) {
            try? directory.remove(temporary)
            return StoredFile(path: path, digest: digest, existed: true)
        }
        do {
            let path = try builder.append(
                file.kind, file.mediaType, digest, size: size, at: instant, name: file.name)
            let name = Array(path.dropFirst(folder.count + 1))
            pending.append(Pending(folder: folder, temporary: temporary, name: name))
            if let entry = builder.added.last {
                added.append(LoggedFile(entry: entry, reading: file.reading(digest, size)))
            }
            return StoredFile(path: path, digest: digest, existed: false)
        } catch {
            try? directory.remove(temporary)
            throw error as? BundleError ?? .failed("\(error)")
        }
    }

    /// The log as it will be.
    ///
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    package func grownLog() throws(BundleError) -> BundleLog {
        guard !builder.added.isEmpty else { return log }
        return try reportingBundleErrors {
            try log.growing(by: builder.added, leaves: builder.leaves)
        }
    }

    /// Reads the files of a long log on all processors, for `contents` to take from there.
    ///
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    package mutating func readAhead() async throws(BundleError) { try await opened.readAhead() }

    /// The bundle as it will be, but for its manifest, SHA256SUMS and artifacts.
    ///
    /// Each file is read once, and what is being added is not read at all. No checkpoint covers it
    /// while anything is being added.
    ///
    /// - Parameter hashingAttachments: Whether attachments are hashed too; of no meaning for those
    ///   that are being added.
    /// - Returns: The bundle.
    /// - Throws: `BundleError` where a folder of the bundle cannot be listed.
    package mutating func contents(
        hashingAttachments: Bool = false
    ) throws(BundleError) -> BundleContents {
        let contents = try opened.contents(
            hashingAttachments: hashingAttachments,
            leavingOut: pending.map { Path.join($0.folder, $0.temporary) })
        guard !added.isEmpty else { return contents }
        return contents.growing(to: try grownLog(), by: added)
    }

    /// Takes over what else was read of the bundle under the lock, by path, so that it is not read
    /// again.
    package mutating func know(_ readings: [[UInt8]: FileReading]) {
        opened.know(readings)
    }

    /// How manifest and SHA256SUMS were read, by path, as far as they were.
    package var listReadings: [[UInt8]: FileReading] { opened.listReadings }

    /// The manifest, whose bytes are kept from then on.
    ///
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    package mutating func manifest() throws(BundleError) -> FileReading { try opened.manifest() }

    /// Puts everything in place and waits until it is on the storage; then more can be added.
    ///
    /// - Throws: `BundleError.file`; the bundle is then as it was, unless only the last waiting
    ///   failed, or the checkpoint is still the older one. Nothing more can be added then.
    package mutating func commit(checkpoint note: [UInt8]?) throws(BundleError) {
        try SignalHold.finishing { () throws(BundleError) in try finish(note) }
    }

    private mutating func finish(_ note: [UInt8]?) throws(BundleError) {
        try demandCertainty()
        let grown = try grownLog()
        let token: [UInt8]?
        isInDoubt = true
        do {
            if builder.leaves.count > log.size { try extendLog() }
            token = try placeCheckpoint(note)
        } catch {
            throw .file(error)
        }
        pending = []
        newFolders = []
        try reportingBundleErrors {
            let committed = try note.map { try SignedNote(parsing: $0) } ?? checkpointNote
            try opened.commit(grown, builder, added, checkpoint: committed, token: token)
        }
        begin()
        isInDoubt = false
    }

    private borrowing func demandCertainty() throws(BundleError) {
        guard !isInDoubt else { throw .failed("nothing is added after a commit has failed") }
    }

    /// Removes what is being added, as if nothing had been asked for.
    package mutating func discard() {
        for file in pending { try? root.open(file.folder).remove(file.temporary) }
        for folder in newFolders { root.removeIfEmpty(folder) }
        pending = []
        newFolders = []
        begin()
    }

    private mutating func begin() {
        builder = opened.builder
        added = []
        newToken = nil
        checkpointNote = opened.note
    }

    /// Puts the files in place and then the log that names them, or neither.
    private borrowing func extendLog() throws(FileError) {
        do throws(FileError) {
            for file in pending { try place(file) }
            try root.sync()
            try root.replace(BundleLayout.log, with: builder.bytes)
        } catch {
            takeBack()
            throw error
        }
    }

    /// Removes what was put in place, once it is sure that the log does not name it.
    private borrowing func takeBack() {
        guard let present = try? root.read(BundleLayout.log, limit: BundleLimits.log),
            present != builder.bytes
        else { return }
        for file in pending {
            try? root.open(file.folder).remove(file.name)
        }
    }

    private borrowing func place(_ file: Pending) throws(FileError) {
        let folder = try root.open(file.folder)
        try folder.rename(file.temporary, to: file.name)
        try folder.sync()
    }

    private mutating func folderInRoot(_ name: [UInt8]) throws(BundleError) -> Directory {
        do {
            if try root.makeDirectoryIfFree(name) { newFolders.append(name) }
            return try root.open(name)
        } catch {
            throw .file(error)
        }
    }
}

extension NewFile {
    /// What reading the stored file gives, from what was written.
    fileprivate func reading(_ digest: SHA256Digest, _ size: Int) -> FileReading {
        switch content {
        // An attachment may be large; its bytes are not kept.
        case .bytes(let bytes) where kind != .attachment: .bytes(bytes, digest)
        // A file that holds a private key is not stored.
        case .bytes, .file: .hashed(digest, size: size, holdsPrivateKey: false)
        }
    }
}
