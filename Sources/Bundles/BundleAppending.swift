package import CloseoutEncodings
package import CloseoutFiles
import CloseoutManifests
package import CloseoutOpenSSL
import CloseoutRecords

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
    /// The digest of `seal`.
    package let sealDigest: SHA256Digest
    /// The log as it was when the lock was taken.
    package let log: BundleLog
    /// The checkpoint as it was, or as `cosign` left it, if there is one.
    package internal(set) var checkpointNote: SignedNote?

    let root: Directory
    /// The checkpoint on the storage.
    let savedNote: SignedNote?
    /// A new time-stamp over `checkpointNote`, which is to lie beside it.
    var newToken: [UInt8]?
    private(set) var builder: LogBuilder
    /// The kinds of the records that are being added.
    var newRecords: [SHA256Digest: RecordKind] = [:]
    private var pending: [Pending] = []
    private var newFolders: [[UInt8]] = []

    /// Locks the bundle and reads what an append must not damage.
    ///
    /// - Parameters:
    ///   - path: The bundle's folder.
    ///   - wait: How long a lock of others is waited for.
    /// - Throws: `BundleError.logInDoubt` where the log has a defect, or is not what its
    ///   checkpoint committed; appending would then sign someone else's story.
    package init(opening path: [UInt8], waiting wait: LockWait) async throws(BundleError) {
        let root = try openBundleFolder(path)
        do throws(FileError) { try await root.lock(.exclusive, waiting: wait) } catch {
            throw .file(error)
        }
        try self.init(locked: root)
    }

    /// Locks the bundle as the other one does, unless somebody else has it locked: then it is refused at
    /// once.
    package init(opening path: [UInt8]) throws(BundleError) {
        let root = try openBundleFolder(path)
        do throws(FileError) { try root.lockNow(.exclusive) } catch { throw .file(error) }
        try self.init(locked: root)
    }

    private init(locked folder: consuming Directory) throws(BundleError) {
        let root = folder
        let opened = try reportingBundleErrors { try OpenedBundle(root) }
        self.root = root
        seal = opened.seal
        sealDigest = opened.sealDigest
        log = opened.log
        checkpointNote = opened.note
        savedNote = opened.note
        builder = opened.builder
    }

    deinit {
        for file in pending {
            try? root.open(file.folder).remove(file.temporary)
        }
        for folder in newFolders { root.removeIfEmpty(folder) }
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
    package mutating func add(_ file: NewFile, at instant: Instant) throws(BundleError)
        -> StoredFile
    {
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
        try reportingBundleErrors { try BundleLog(parsing: builder.bytes) }
    }

    /// The bundle as it will be; no checkpoint is over it then.
    ///
    /// - Parameter contents: What was read of it before anything was added.
    /// - Returns: The same with what was added.
    /// - Throws: `BundleError` where a file that was written cannot be read again.
    package func grown(_ contents: BundleContents) throws(BundleError) -> BundleContents {
        let grown = try grownLog()
        return try reportingBundleErrors {
            let added = try zip(grown.entries.dropFirst(log.size), pending).map { entry, file in
                let bytes = try root.open(file.folder).read(file.temporary, limit: entry.size)
                return LoggedFile(
                    entry: entry, reading: .bytes(bytes, try SHA256Digest.of(bytes)))
            }
            return contents.growing(to: grown, by: added)
        }
    }

    /// Puts everything in place and waits until it is on the storage.
    ///
    /// - Throws: `BundleError.file`; the bundle is then as it was, unless only the last waiting
    ///   failed, or the checkpoint is still the older one.
    package consuming func commit(checkpoint note: [UInt8]?) throws(BundleError) {
        do {
            if builder.leaves.count > log.size { try extendLog() }
            try placeCheckpoint(note)
            pending = []
            newFolders = []
        } catch {
            throw .file(error)
        }
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
