import CloseoutEncodings
package import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL

/// Which shipped files a bundle is packed or unpacked with.
package enum ArtifactChoice: Equatable, Sendable {
    /// Those that the bundle carries.
    case ofBundle
    /// None.
    case none
    /// Those in a folder, or into it.
    case folder([UInt8])
}

/// Packs a bundle into one file (docs/pack.md).
package struct BundlePacker {
    private let whole: WholeBundle
    /// The shipped files, and the manifest that lists them.
    private let shipped: (root: [UInt8], manifest: Manifest)?

    /// Reads a bundle that is a folder, and compares it with its log.
    ///
    /// - Throws: `BundleError.packed` where it is packed already, `.untrue` where a file is not
    ///   what the log says, `.notPacked` where a link leads out of the shipped files.
    package init(
        bundle path: [UInt8], artifacts: ArtifactChoice, waiting wait: LockWait = LockWait()
    ) async throws {
        let reader = try await BundleReader(opening: path, waiting: wait)
        if reader.isPacked { throw BundleError.packed(path: path) }
        whole = try WholeBundle(reader)
        let root: [UInt8]? =
            switch artifacts {
            case .none: nil
            case .folder(let path): path
            case .ofBundle: whole.contents.holdsArtifacts ? reader.artifactsPath : nil
            }
        guard let root else {
            shipped = nil
            return
        }
        let manifest = try await whole.manifest()
        if let link = manifest.outsideLink() {
            throw BundleError.notPacked(path: link, reason: "is a link that leads out")
        }
        shipped = (root, manifest)
    }

    /// Where the packed bundle goes unless somebody says otherwise: `./NAME-VERSION.closeout.tar`.
    package var defaultTarget: [UInt8] {
        Array("./\(whole.seal.release.fileStem).closeout.tar".utf8)
    }

    /// How many files are packed.
    package var count: Int { whole.files.count + (shipped?.manifest.totals.files ?? 0) }

    /// Writes the packed bundle, which appears at its target when it is whole.
    ///
    /// - Throws: `BundleError.exists` if something is there; nothing is left then, nor when
    ///   anything else fails.
    package func write(to target: BundleTarget) throws {
        let parent = try Directory.openParent(ofNew: target.path)
        try SignalHold.during { try write(as: target, in: parent) }
    }

    private func write(as target: BundleTarget, in parent: borrowing Directory) throws {
        let temporary = TemporaryName.make()
        do {
            try write(ArchiveWriter(to: try parent.create(temporary)))
            try parent.move(file: temporary, to: parent, as: target.name)
        } catch {
            // Moving can fail when the file has both names.
            if let moved = try? parent.status(of: target.name).identity,
                moved == (try? parent.status(of: temporary).identity)
            {
                try? parent.remove(target.name)
            }
            try? parent.remove(temporary)
            guard let error = error as? FileError, error.cause == .alreadyExists else {
                throw error
            }
            throw BundleError.exists(path: target.path, reason: "nothing is overwritten")
        }
    }

    private func write(_ archive: ArchiveWriter) throws {
        let top = Array("\(whole.seal.release.fileStem).closeout".utf8)
        try add(ArchiveMember(path: top, kind: .directory), to: archive)
        var folder: [UInt8] = []
        for file in whole.files {
            let place = file.path.firstIndex(of: slash).map { Array(file.path[..<$0]) } ?? []
            if place != folder, !place.isEmpty {
                try add(ArchiveMember(path: Path.join(top, place), kind: .directory), to: archive)
            }
            folder = place
            let member = ArchiveMember(
                path: Path.join(top, file.path), kind: .file(size: file.size, mode: 0o644))
            try archive.begin(member)
            _ = try whole.copy(file, to: archive)
            try archive.end(member)
        }
        if let shipped {
            let prefix = Path.join(top, BundleLayout.artifacts)
            try add(ArchiveMember(path: prefix, kind: .directory), to: archive)
            try write(shipped.manifest, from: shipped.root, below: prefix, to: archive)
        }
        try archive.finish()
    }

    private func add(_ member: ArchiveMember, to archive: ArchiveWriter) throws {
        try archive.begin(member)
        try archive.end(member)
    }

    /// Packs the shipped files as the manifest lists them.
    private func write(
        _ manifest: Manifest, from root: [UInt8], below prefix: [UInt8],
        to archive: ArchiveWriter
    ) throws {
        var cursor = try TreeCursor(root: try Directory.open(root))
        for index in 0..<manifest.count {
            guard let entry = manifest.entry(at: index) else { continue }
            let path = Path.join(root, entry.path)
            let target = Path.join(prefix, entry.path)
            do {
                switch entry.kind {
                case .directory:
                    guard try cursor.status(entry.path.span).kind == .directory else {
                        throw BundleError.untrue(path: path, reason: "is not a folder")
                    }
                    try add(ArchiveMember(path: target, kind: .directory), to: archive)
                case .symlink(let link):
                    guard try cursor.readLink(entry.path.span) == link else {
                        throw BundleError.untrue(path: path, reason: "links elsewhere")
                    }
                    try add(
                        ArchiveMember(path: target, kind: .symlink(target: link)), to: archive)
                case .file(let mode, let size, let digest):
                    let member = ArchiveMember(
                        path: target, kind: .file(size: Int(clamping: size), mode: mode ?? 0o644))
                    try archive.begin(member)
                    try copy(try cursor.openFile(entry.path.span), size, digest, to: archive, path)
                    try archive.end(member)
                }
            } catch let error as FileError where error.path.isEmpty {
                throw Self.telling(error, of: path)
            }
        }
    }

    /// What a failure to look at a shipped file says of it.
    private static func telling(_ error: FileError, of path: [UInt8]) -> any Error {
        if case .notRegular = error.cause {
            return BundleError.untrue(path: path, reason: "is not a regular file")
        }
        guard error.isMissing || error.isLink else { return error.at(path) }
        return BundleError.untrue(path: path, reason: "is not there as the manifest lists it")
    }

    /// Copies a shipped file, and compares it with its entry.
    private func copy(
        _ file: consuming InputFile, _ size: UInt64, _ digest: SHA256Digest,
        to archive: ArchiveWriter, _ path: [UInt8]
    ) throws {
        let untrue = BundleError.untrue(path: path, reason: "is not what the manifest lists")
        guard file.status.size == size else { throw untrue }
        var copy = try CheckedCopy(to: archive)
        var buffer = [UInt8](repeating: 0, count: FileReading.pieceSize)
        while case let count = try file.read(into: &buffer), count > 0 {
            try copy.take(buffer[..<count])
        }
        guard try copy.finish() == digest else { throw untrue }
    }
}
