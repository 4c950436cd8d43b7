internal import CloseoutFiles
internal import CloseoutOpenSSL
internal import Synchronization

/// The freezing of a source by several workers (docs/manifest.md, "Order of work").
///
/// The first worker walks, the others hash what it has found so far, and it joins them. A worker
/// takes the next paths, hashes the files among them and hands the facts to their block; who
/// completes a block encodes it.
final class FreezeJob: Sendable {
    private let artifacts: Artifacts
    private let options: ManifestOptions
    private let writer: ReorderBuffer<ManifestWriter>
    private let progress: Progress?
    private let feed: PathQueue
    private let collisions = Mutex<[NameCollision]>([])

    init(
        _ artifacts: Artifacts, _ options: ManifestOptions, _ writer: ReorderBuffer<ManifestWriter>,
        _ progress: Progress?
    ) {
        self.artifacts = artifacts
        self.options = options
        self.writer = writer
        self.progress = progress
        // What is drawn is a part of the whole, which is known after the whole walk.
        feed = PathQueue(workers: options.workers, waitsForWalk: progress != nil)
    }

    /// Does all the work.
    ///
    /// - Returns: names that some file systems take for one.
    func run() async throws(ManifestError) -> [NameCollision] {
        try await withWorkers(options.workers) { number async throws(ManifestError) in
            do throws(ManifestError) {
                if number == 0 { try self.walk() }
                try await self.work()
            } catch {
                self.feed.stop()
                throw error
            }
        }
        return collisions.withLock { $0 }
    }

    private func walk() throws(ManifestError) {
        let walkOptions = Walk.Options(
            excludes: options.excludes, targets: true, collisions: true, sizes: progress != nil)
        let walk = try artifacts.walk(walkOptions) { self.feed.append($0) }
        try walk.check(options)
        collisions.withLock { $0 = walk.collisions }
        progress?.begin(files: walk.files, bytes: walk.bytes)
        feed.complete()
    }

    private func work() async throws(ManifestError) {
        var opener = try artifacts.opener()
        var reader = try FileReader(progress: progress)
        while true {
            switch feed.take() {
            case .paths(let range, let block):
                var facts: [FileMetadata?] = []
                facts.reserveCapacity(range.count)
                for index in range {
                    facts.append(try hash(index, of: block.paths, &opener, &reader))
                }
                if let all = block.add(facts, at: range.lowerBound) {
                    let encoded = try reporting(
                        openSSL: try EncodedBlock(block.paths, all, modes: options.modes))
                    try writer.deliver(encoded, at: block.number)
                }
            // The worker that walks began before this one, on another thread.
            case .wait: Machine.pause(microseconds: 200)
            case .done: return
            }
        }
    }

    private func hash(
        _ index: Int, of paths: PathTable.Block, _ opener: inout ArtifactOpener,
        _ reader: inout FileReader
    ) throws(ManifestError) -> FileMetadata? {
        guard paths.types[index] == .file else { return nil }
        let range = paths.range(index)
        let facts: FileMetadata
        do throws(ManifestError) {
            facts = try reader.read(&opener, paths.bytes.span.extracting(range))
        } catch {
            throw error.at(artifacts.place(of: Array(paths.bytes[range])))
        }
        guard options.modes.accepts(facts.mode) else {
            throw .specialMode(path: Array(paths.bytes[range]), mode: facts.mode)
        }
        return facts
    }
}
