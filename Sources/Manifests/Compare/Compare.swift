package import CloseoutFiles

/// Compares a tree with a manifest: equal sets both ways, and every file, mode and link as listed
/// (docs/manifest.md).
///
/// - Parameters:
///   - manifest: what must be there.
///   - root: the directory that holds it.
///   - ignoringModes: leaves the modes of files out, for media that lose them.
///   - workers: how many hash at once.
///   - progress: called with the progress.
/// - Returns: all differences, ascending by path; none when the tree is what the manifest lists.
/// - Throws: `.file` when the root cannot be listed, `.tooManyEntries`, `.openSSL`. Whatever is
///   wrong below the root is a difference.
package func compare(
    _ manifest: Manifest, root: borrowing Directory, ignoringModes: Bool = false,
    workers: Int = Machine.processorCount, progress: Progress? = nil
) async throws(ManifestError) -> [ArtifactDifference] {
    let copy = try reporting(file: try root.duplicate())
    let modes = ignoringModes ? .ignore : manifest.header.modes
    return try await ComparisonJob(manifest, copy, modes, progress).run(workers: max(1, workers))
}

/// Compares one file or link, wherever it is, with an entry; its name is not looked at.
///
/// - Throws: `.file` when there is nothing at the path or it cannot be looked at.
package func compareFile(
    _ entry: ManifestEntry, at path: [UInt8], modes: ModeRule
) throws(ManifestError) -> [ArtifactDifference] {
    let (parent, name) = Path.split(path)
    let found = try reporting(file: try fileStatus(path).kind)
    let directory = try reporting(file: try Directory.open(parent))
    guard let name, found == entry.kind.type.fileKind else {
        return [.init(path: entry.path, kind: .type(expected: entry.kind.type, found: found))]
    }
    var place = SinglePlace(directory: directory, name: name)
    var check = try EntryCheck(modes: modes, progress: nil)
    let kinds: [ArtifactDifference.Kind] =
        switch entry.kind {
        case .directory: []
        case .symlink(let target):
            check.differences(linkAt: name.span, in: &place, target: target)
        case .file(let mode, let size, let digest):
            try check.differences(
                fileAt: name.span, in: &place, mode: mode, size: size, digest: digest)
        }
    return kinds.map { ArtifactDifference(path: entry.path, kind: $0) }
}
