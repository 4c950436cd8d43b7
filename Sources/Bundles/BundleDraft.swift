package import CloseoutEncodings
import CloseoutFiles
package import CloseoutManifests
package import CloseoutOpenSSL

/// A bundle that is being made, in a temporary folder beside its target (docs/bundle.md, "Create").
///
/// Nothing is at the target until `publish`; a draft that is let go removes itself.
package struct BundleDraft: ~Copyable {
    /// The sealed manifest.
    package let frozen: FrozenManifest
    /// The seal over it.
    package let seal: Seal
    /// The exact bytes that everybody signs, and their digest.
    package let sealBytes: [UInt8]
    /// The digest of `sealBytes`: the id of the bundle.
    package let sealDigest: SHA256Digest

    private var folder: TemporaryFolder
    private var log: LogBuilder

    /// Scans and hashes `source` and writes manifest, SHA256SUMS, seal, README and log.
    ///
    /// - Throws: `BundleError`, or `ManifestError` about what was to be frozen.
    package init(
        freezing source: ManifestSource, as release: Release, created: Instant,
        options: ManifestOptions, beside target: BundleTarget, progress: Progress? = nil
    ) async throws {
        let folder = try TemporaryFolder(for: target)
        let frozen = try await CloseoutManifests.freeze(
            source, options: options, into: folder.root, progress: progress)
        let seal = Seal(
            created: created, release: release, manifestDigest: frozen.digest,
            merkleRoot: frozen.merkleRoot, totals: frozen.totals)
        let bytes = seal.canonicalBytes
        let digest = try SHA256Digest.of(bytes)
        log = try Self.writeHead(of: seal, bytes, digest, frozen, into: folder.root)
        self.frozen = frozen
        self.seal = seal
        sealBytes = bytes
        sealDigest = digest
        self.folder = folder
    }

    /// Writes seal and README, and begins the log with the four files of the head.
    private static func writeHead(
        of seal: Seal, _ bytes: [UInt8], _ digest: SHA256Digest, _ frozen: FrozenManifest,
        into root: borrowing Directory
    ) throws -> LogBuilder {
        let readme = Readme.bytes(of: seal.release)
        try root.write(new: BundleLayout.seal, bytes)
        try root.write(new: BundleLayout.readme, readme)
        let head: [(EntryKind, SHA256Digest, Int)] = [
            (.seal, digest, bytes.count), (.manifest, frozen.digest, frozen.size),
            (.sums, frozen.sumsDigest, frozen.sumsSize),
            (.readme, try SHA256Digest.of(readme), readme.count),
        ]
        var log = LogBuilder()
        for (kind, digest, size) in head {
            _ = try log.append(
                kind, MediaType.head(kind) ?? .octets, digest, size: size, at: seal.created)
        }
        return log
    }

    /// The digests that seal, manifest, SHA256SUMS and README could have, had the draft been made at an
    /// instant by this or an earlier version.
    func head(created: Instant) throws -> [[SHA256Digest]] {
        let dated = Seal(
            created: created, release: seal.release, manifestDigest: seal.manifestDigest,
            merkleRoot: seal.merkleRoot, totals: seal.totals)
        return [
            [try SHA256Digest.of(dated.canonicalBytes)], [frozen.digest], [frozen.sumsDigest],
            try Readme.released(for: seal.release).map { try SHA256Digest.of($0) },
        ]
    }

    /// Adds a signature before the bundle is published.
    ///
    /// - Throws: `BundleError`.
    package mutating func add(_ file: NewFile) throws(BundleError) -> StoredFile {
        try reportingBundleErrors {
            guard case .bytes(let bytes) = file.content, let place = file.kind.folder else {
                throw BundleError.failed("a draft takes signatures only")
            }
            let digest = try SHA256Digest.of(bytes)
            let path = try log.append(
                file.kind, file.mediaType, digest, size: bytes.count, at: seal.created)
            try? folder.root.makeDirectory(place)
            let directory = try folder.root.open(place)
            try directory.write(new: Array(path.dropFirst(place.count + 1)), bytes)
            try directory.sync()
            return StoredFile(path: path, digest: digest, existed: false)
        }
    }

    /// How many files the log names so far.
    package var size: Int { log.leaves.count }

    /// The checkpoint that a log key is to sign.
    package func checkpoint() throws(BundleError) -> Checkpoint {
        try reportingBundleErrors {
            try log.checkpoint(origin: CheckpointOrigin.of(seal: sealDigest))
        }
    }

    /// Puts the bundle at its target, whole or not at all, and waits until it is on the storage.
    ///
    /// - Throws: `BundleError.exists` where the target has appeared meanwhile.
    package consuming func publish(
        at target: BundleTarget, checkpoint note: [UInt8]? = nil
    ) throws(BundleError) {
        do {
            try folder.root.write(new: BundleLayout.log, log.bytes)
            if let note { try folder.root.write(new: BundleLayout.checkpoint, note) }
            try folder.root.sync()
            try folder.place()
            try folder.parent.sync()
        } catch {
            guard case .alreadyExists = error.cause else { throw .file(error) }
            throw .exists(path: target.path, reason: "it appeared while the bundle was made")
        }
    }
}
