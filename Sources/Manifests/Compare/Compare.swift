package import Files

/// Compares a tree with a manifest: equal sets both ways, and every file, mode and link as listed (docs/manifest.md).
///
/// - Parameters:
///   - manifest: what must be there.
///   - root: the directory that holds it.
///   - ignoringModes: leaves the modes of files out, for media that lose them.
///   - workers: how many hash at once.
///   - progress: is told how far the work is; without it no sizes are asked for.
/// - Returns: all differences, ascending by path; none when the tree is what the manifest lists.
/// - Throws: `.file` when the root cannot be listed, `.tooManyEntries`, `.openSSL`. Whatever is wrong below the root is
///   a difference.
package func compare(
    _ manifest: Manifest, root: borrowing Directory, ignoringModes: Bool = false,
    workers: Int = Machine.processorCount, progress: Progress? = nil
) async throws(ManifestError) -> [ArtifactDifference] {
    let wishes = Walk.Wishes(excludes: manifest.header.excludes, sizes: progress != nil)
    let walk = try Walk.of(root, wishes)
    progress?.begin(files: walk.files, bytes: walk.bytes)
    let copy: Directory
    do throws(FileError) { copy = try root.duplicate() } catch { throw .file(error) }
    let modes = ignoringModes ? .ignore : manifest.header.modes
    let job = ComparisonJob(manifest, walk, copy, modes, progress)
    let differences = try await job.run(workers: max(1, workers))
    return walk.explaining(differences, manifest)
}

/// Compares one file or link, wherever it is, with an entry; its name is not looked at.
///
/// - Throws: `.file` when there is nothing at the path or it cannot be looked at.
package func compareFile(
    _ entry: ManifestEntry, at path: [UInt8], modes: ModeRule
) throws(ManifestError) -> [ArtifactDifference] {
    let (parent, name) = Path.split(path)
    let found: FileKind
    let directory: Directory
    do throws(FileError) {
        found = try fileStatus(path).kind
        directory = try Directory.open(parent)
    } catch {
        throw .file(error)
    }
    guard let name, found == entry.kind.type.fileKind else {
        return [.init(path: entry.path, kind: .type(expected: entry.kind.type, found: found))]
    }
    var place = SinglePlace(directory: directory, name: name)
    var check = try EntryCheck(modes: modes, progress: nil)
    return try check.differences(entry, in: &place).map { .init(path: entry.path, kind: $0) }
}

extension Walk {
    /// Adds what the walk could not list, which explains some of what is missing, and puts all in order.
    func explaining(
        _ differences: [ArtifactDifference], _ manifest: Manifest
    ) -> [ArtifactDifference] {
        var explained: Set<[UInt8]> = []
        var all: [ArtifactDifference] = excluded.map { .init(path: $0, kind: .excluded) }
        for irregularity in irregularities {
            let path = irregularity.path
            let listed = manifest.index(of: path).flatMap { manifest.entry(at: $0) }
            if listed != nil { explained.insert(path) }
            all.append(.init(path: path, kind: irregularity.difference(from: listed)))
        }
        all += differences.filter { difference in
            guard case .missing = difference.kind else { return true }
            return !explained.contains(difference.path)
        }
        return all.sorted { $0.path.lexicographicallyPrecedes($1.path) }
    }
}

extension Irregularity {
    /// How it differs from what the manifest lists at its path, if it lists anything.
    func difference(from listed: ManifestEntry?) -> ArtifactDifference.Kind {
        switch kind {
        case .notUTF8: .notUTF8
        case .tooLong: .pathTooLong
        case .unreadable(let cause): .unreadable(cause)
        case .badTarget: .unexpected(.symlink)
        case .special(let found):
            listed.map { .type(expected: $0.kind.type, found: found) } ?? .unexpected(found)
        }
    }
}

extension EntryType {
    /// What stands at a path of this type.
    var fileKind: FileKind {
        switch self {
        case .file: .regular
        case .directory: .directory
        case .symlink: .symlink
        }
    }
}
