internal import CloseoutFiles
internal import CloseoutOpenSSL

/// Compares a stream of shipped files with a manifest: equal sets both ways, and every file, mode
/// and link as listed (docs/manifest.md).
///
/// - Parameters:
///   - manifest: what must be there.
///   - stream: what is there, ascending by path.
///   - ignoringModes: leaves the modes of files out, for media that lose them.
///   - progress: called with the progress.
/// - Returns: all differences, ascending by path; none when the stream is what the manifest lists.
/// - Throws: `.file` where the stream cannot be read, `.openSSL`.
package func compare(
    _ manifest: Manifest, with stream: some ArtifactStream, ignoringModes: Bool = false,
    progress: Progress? = nil
) throws(ManifestError) -> [ArtifactDifference] {
    progress?.begin(files: manifest.totals.files, bytes: manifest.totals.bytes)
    let modes = ignoringModes ? .ignore : manifest.header.modes
    var comparison = try StreamComparison(manifest, stream, modes: modes, progress)
    try comparison.run()
    return comparison.differences
}

/// The comparison of two lists that ascend by path, one entry after another.
struct StreamComparison<Stream: ArtifactStream>: ~Copyable {
    private(set) var differences: [ArtifactDifference] = []
    private let manifest: Manifest
    private let modes: ModeRule
    private let progress: Progress?
    private var stream: Stream
    private var digest: DigestContext
    private var excludes: GlobMatcher
    private var index = 0
    /// Folders that an exclude hides, each with a slash: what lies below them is not looked at.
    private var hidden: [[UInt8]] = []

    init(
        _ manifest: Manifest, _ stream: Stream, modes: ModeRule, _ progress: Progress?
    ) throws(ManifestError) {
        digest = try reporting(openSSL: try DigestContext(.sha256))
        excludes = GlobMatcher(manifest.header.excludes)
        self.manifest = manifest
        self.stream = stream
        self.modes = modes
        self.progress = progress
    }

    /// Compares everything.
    mutating func run() throws(ManifestError) {
        while let found = try next() {
            noteMissing(before: found.path)
            if hides(found) { continue }
            guard let entry = manifest.entry(at: index), entry.path == found.path else {
                note(found.path, .unexpected(found.kind.fileKind))
                continue
            }
            index += 1
            try compare(found.kind, entry)
        }
        noteMissing(before: nil)
    }

    private mutating func next() throws(ManifestError) -> StreamedArtifact? {
        try reporting(file: try stream.next())
    }

    /// Whether an exclude of the manifest hides a path, which is noted once.
    private mutating func hides(_ found: StreamedArtifact) -> Bool {
        // Paths ascend: what lies below a folder that they have passed does not come any more.
        hidden.removeAll {
            !found.path.starts(with: $0) && $0.lexicographicallyPrecedes(found.path)
        }
        if hidden.contains(where: found.path.starts) { return true }
        let isDirectory = found.kind == .directory
        guard excludes.match(found.path, isDirectory: isDirectory) else { return false }
        note(found.path, .excluded)
        if isDirectory { hidden.append(found.path + [slash]) }
        return true
    }

    /// Notes what is listed before a path and was not met.
    private mutating func noteMissing(before path: [UInt8]?) {
        while let entry = manifest.entry(at: index) {
            if let path, !entry.path.lexicographicallyPrecedes(path) { return }
            note(entry.path, .missing(entry.kind.type))
            index += 1
        }
    }

    private mutating func compare(
        _ found: StreamedArtifact.Kind, _ entry: ManifestEntry
    ) throws(ManifestError) {
        switch (found, entry.kind) {
        case (.directory, .directory): return
        case (.symlink(let target), .symlink(let expected)):
            if target != expected {
                note(entry.path, .linkTarget(expected: expected, found: target))
            }
        case (.file(let size, let bits), .file(let mode, let expected, let digest)):
            if size != expected {
                note(entry.path, .size(expected: expected, found: UInt64(size)))
            } else if case let read = try readFile(), read != digest {
                note(entry.path, .digest(expected: digest, found: read))
            }
            if let mode, modes.differs(bits, from: mode) {
                note(entry.path, .mode(expected: mode, found: bits))
            }
        default:
            note(entry.path, .type(expected: entry.kind.type, found: found.fileKind))
        }
    }

    /// The digest of the file that came last.
    private mutating func readFile() throws(ManifestError) -> SHA256Digest {
        while true {
            let piece = try reporting(file: try stream.read(count: 256 << 10))
            if piece.isEmpty {
                progress?.addFile()
                return try reporting(openSSL: try digest.finishSHA256())
            }
            try reporting(openSSL: try digest.update(piece.span))
            progress?.add(bytes: piece.count)
        }
    }

    private mutating func note(_ path: [UInt8], _ kind: ArtifactDifference.Kind) {
        differences.append(ArtifactDifference(path: path, kind: kind))
    }
}
