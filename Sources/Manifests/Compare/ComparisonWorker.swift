internal import Files
internal import OpenSSL

/// Compares runs of entries with what a walk has found.
struct ComparisonWorker: ~Copyable {
    private let manifest: Manifest
    private let walk: Walk
    private var cursor: TreeCursor
    private var check: EntryCheck
    private(set) var differences: [ArtifactDifference] = []

    init(
        _ manifest: Manifest, _ walk: Walk, _ root: borrowing Directory, _ modes: ModeRule,
        _ progress: Progress?
    ) throws(ManifestError) {
        let check = try EntryCheck(modes: modes, progress: progress)
        do throws(FileError) { cursor = try TreeCursor(root: root) } catch { throw .file(error) }
        self.manifest = manifest
        self.walk = walk
        self.check = check
    }

    /// Compares the entries of a run with all that the walk has found from the first of them up to the next run.
    mutating func compare(_ run: Range<Int>) throws(ManifestError) {
        var found = position(of: run.lowerBound)
        let end = position(of: run.upperBound)
        for index in run {
            guard let entry = manifest.entry(at: index) else { continue }
            while found < end, walk.paths.compare(found, entry.path.span) < 0 {
                noteUnexpected(found)
                found += 1
            }
            if found < end, walk.paths.compare(found, entry.path.span) == 0 {
                try compare(entry, with: walk.paths.type(at: found))
                found += 1
            } else {
                note(entry.path, .missing(entry.kind.type))
            }
        }
        while found < end {
            noteUnexpected(found)
            found += 1
        }
    }

    /// Where in the walk the paths begin that belong to the entries from an index on.
    private func position(of index: Int) -> Int {
        if index == 0 { return 0 }
        guard let entry = manifest.entry(at: index) else { return walk.paths.count }
        return walk.paths.firstIndex(notBelow: entry.path.span)
    }

    private mutating func compare(
        _ entry: ManifestEntry, with type: EntryType
    ) throws(ManifestError) {
        guard entry.kind.type == type else {
            return note(entry.path, .type(expected: entry.kind.type, found: type.fileKind))
        }
        for kind in try check.differences(entry, in: &cursor) { note(entry.path, kind) }
    }

    private mutating func noteUnexpected(_ index: Int) {
        note(walk.paths.path(at: index), .unexpected(walk.paths.type(at: index).fileKind))
    }

    private mutating func note(_ path: [UInt8], _ kind: ArtifactDifference.Kind) {
        differences.append(ArtifactDifference(path: path, kind: kind))
    }
}
