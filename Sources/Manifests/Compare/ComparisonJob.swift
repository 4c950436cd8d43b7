internal import Files
internal import OpenSSL
internal import Synchronization

/// The comparison of a walked tree with a manifest by several workers, which keeps differences only.
///
/// Both lists ascend. A worker takes the next entries, finds where their paths begin in the other list, and goes
/// through both side by side.
final class ComparisonJob: Sendable {
    private let manifest: Manifest
    private let walk: Walk
    private let root: Directory
    private let modes: ModeRule
    private let progress: Progress?
    private let differences = Mutex<[ArtifactDifference]>([])

    init(
        _ manifest: Manifest, _ walk: Walk, _ root: consuming Directory, _ modes: ModeRule,
        _ progress: Progress?
    ) {
        self.manifest = manifest
        self.walk = walk
        self.root = root
        self.modes = modes
        self.progress = progress
    }

    /// Compares everything.
    ///
    /// - Returns: the differences in no particular order.
    func run(workers: Int) async throws(ManifestError) -> [ArtifactDifference] {
        let queue = WorkQueue(manifest.count, run: runLength(manifest.count, workers: workers))
        try await withWorkers(workers) { () throws(ManifestError) in
            do throws(ManifestError) {
                try self.work(queue)
            } catch {
                queue.stop()
                throw error
            }
        }
        return differences.withLock { $0 }
    }

    private func work(_ queue: WorkQueue) throws(ManifestError) {
        var worker = try ComparisonWorker(manifest, walk, root, modes, progress)
        while let run = queue.take() { try worker.compare(run) }
        let found = worker.differences
        differences.withLock { $0 += found }
    }
}
