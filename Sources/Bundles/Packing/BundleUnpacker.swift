import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL

/// Unpacks a packed bundle into a folder, and writes verified bytes only (docs/pack.md,
/// "Unpacking").
package struct BundleUnpacker {
    private let whole: WholeBundle
    /// The shipped files in the archive, and the manifest that lists them.
    private let shipped: (stream: PackedArtifacts, manifest: Manifest)?
    private let choice: ArtifactChoice

    /// Reads a packed bundle, and compares it with its log.
    ///
    /// - Throws: `BundleError.notABundle` where it is none, `.untrue` where a file is not what the
    ///   log says, or where shipped files are wanted and there are none.
    package init(bundle path: [UInt8], artifacts choice: ArtifactChoice) async throws {
        whole = try WholeBundle(BundlePlace(opening: path).packed())
        self.choice = choice
        let stream = choice == .none ? nil : whole.reader.packedArtifacts
        if case .folder = choice, stream == nil {
            throw BundleError.untrue(path: path, reason: "holds no shipped files")
        }
        guard let stream else {
            shipped = nil
            return
        }
        let manifest = try await whole.manifest()
        if let link = manifest.outsideLink() {
            throw BundleError.untrue(path: link, reason: "is a link that leads out")
        }
        shipped = (stream, manifest)
    }

    /// How many files are unpacked.
    package var count: Int { whole.files.count + (shipped?.manifest.totals.files ?? 0) }

    /// Writes the folder, which appears at its target when it is whole.
    ///
    /// - Throws: `BundleError.exists` if something is there; nothing is left then, nor when
    ///   anything else fails.
    package func write(to target: BundleTarget) throws {
        let folder = try NewFolder(for: target)
        try whole.write(whole.files, to: folder)
        guard case .folder(let path) = choice, let shipped else {
            if let shipped {
                try folder.makeFolder(BundleLayout.artifacts)
                try write(shipped.stream, shipped.manifest, to: folder, BundleLayout.artifacts)
            }
            return try folder.publish()
        }
        let other = try BundleTarget(path)
        let tree = try NewFolder(for: other)
        try write(shipped.stream, shipped.manifest, to: tree, [])
        try tree.publish()
        do {
            try folder.publish()
        } catch {
            try? Directory.open(other.parent).removeTree(other.name)
            throw error
        }
    }

    /// Writes the shipped files, which must be those that the manifest lists and no others.
    private func write(
        _ stream: PackedArtifacts, _ manifest: Manifest, to folder: borrowing NewFolder,
        _ prefix: [UInt8]
    ) throws {
        var stream = stream
        for index in 0..<manifest.count {
            guard let entry = manifest.entry(at: index) else { continue }
            guard let found = try stream.next(), found.path == entry.path else {
                throw BundleError.untrue(
                    path: entry.path, reason: "is listed by the manifest and not there")
            }
            let path = Path.join(prefix, entry.path)
            switch (found.kind, entry.kind) {
            case (.directory, .directory): try folder.makeFolder(path)
            case (.symlink(let target), .symlink(let expected)) where target == expected:
                try folder.folder(of: path).makeLink(entry.name, to: target)
            case (.file(let size, let bits), .file(let mode, let expected, let digest))
            where size == expected && bits == mode ?? 0o644:
                let modes: UInt16? = manifest.header.modes == .exact ? mode : nil
                try copy(
                    &stream, digest, entry.path,
                    to: try folder.folder(of: path).create(
                        entry.name, permissions: (mode ?? 0o644) & 0o777), permissions: modes)
            default: throw Self.untrue(entry.path)
            }
        }
        if let more = try stream.next() {
            throw BundleError.untrue(path: more.path, reason: "is not in the manifest")
        }
        try sync(manifest, in: folder, prefix)
    }

    /// Copies a shipped file, and compares it with its entry.
    private func copy(
        _ stream: inout PackedArtifacts, _ digest: SHA256Digest, _ path: [UInt8],
        to output: consuming OutputFile, permissions: UInt16?
    ) throws {
        var copy = try CheckedCopy(to: output)
        while case let piece = try stream.read(count: FileReading.pieceSize), !piece.isEmpty {
            try copy.take(piece[...])
        }
        guard try copy.finish() == digest else { throw Self.untrue(path) }
        if let permissions { try copy.output.setPermissions(permissions) }
        try copy.output.sync()
    }

    /// Waits until the names in all folders have reached the storage.
    private func sync(
        _ manifest: Manifest, in folder: borrowing NewFolder, _ prefix: [UInt8]
    ) throws {
        for index in 0..<manifest.count {
            guard let entry = manifest.entry(at: index), entry.kind == .directory else { continue }
            try folder.sync(Path.join(prefix, entry.path))
        }
        if !prefix.isEmpty { try folder.sync(prefix) }
    }

    private static func untrue(_ path: [UInt8]) -> BundleError {
        .untrue(path: path, reason: "is not what the manifest lists")
    }
}
