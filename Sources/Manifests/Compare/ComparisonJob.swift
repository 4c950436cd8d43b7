internal import CloseoutFiles
internal import Synchronization

/// The comparison of a tree with a manifest by several workers, which keeps differences only.
///
/// The first worker walks and compares the names, the others meanwhile compare the contents of what
/// is listed, and it joins them. Neither depends on the other: what the walk did not meet, or met
/// as something else, is not compared by its contents.
final class ComparisonJob: Sendable {
    private let manifest: Manifest
    private let root: Directory
    private let modes: ModeRule
    private let progress: Progress?
    private let names = Mutex<[ArtifactDifference]>([])
    private let contents = Mutex<[ArtifactDifference]>([])

    init(
        _ manifest: Manifest, _ root: consuming Directory, _ modes: ModeRule, _ progress: Progress?
    ) {
        self.manifest = manifest
        self.root = root
        self.modes = modes
        self.progress = progress
    }

    /// Compares everything.
    ///
    /// - Returns: the differences, ascending by path.
    func run(workers: Int) async throws(ManifestError) -> [ArtifactDifference] {
        progress?.begin(files: manifest.totals.files, bytes: manifest.totals.bytes)
        // So few at a time that no worker is left alone with the rest.
        let run = min(max(1, manifest.count / (workers * 64)), 32)
        let queue = WorkQueue(manifest.count, run: run)
        try await withWorkers(workers) { number throws(ManifestError) in
            do throws(ManifestError) {
                if number == 0 { try self.compareNames() }
                try self.compareContents(queue)
            } catch {
                queue.stop()
                throw error
            }
        }
        return result()
    }

    private func compareNames() throws(ManifestError) {
        let walk = try Walk.of(root, Walk.Options(excludes: manifest.header.excludes))
        let found = NameComparison(manifest.lines, walk).differences()
        names.withLock { $0 = found }
    }

    private func compareContents(_ queue: WorkQueue) throws(ManifestError) {
        var worker = try ContentComparison(root, modes, progress)
        let lines = manifest.lines
        while let run = queue.take() {
            for index in run {
                guard let fields = lines.fields(index) else { continue }
                try worker.compare(fields, in: lines.bytes.span)
            }
        }
        let found = worker.differences
        contents.withLock { $0 += found }
    }

    private func result() -> [ArtifactDifference] {
        let names = names.withLock { $0 }
        let contents = contents.withLock { $0 }
        let checked = Set(names.map(\.path))
        return (names + contents.filter { !checked.contains($0.path) })
            .sorted { $0.path.lexicographicallyPrecedes($1.path) }
    }
}
