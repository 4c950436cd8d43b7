internal import Files
internal import OpenSSL
internal import Synchronization

/// The hashing of everything that a scan found, by several workers (docs/manifest.md, "Order of work").
///
/// A worker takes the next paths, hashes the files among them and hands the facts to their block; who completes a
/// block encodes it.
final class FreezeJob: Sendable {
    private let scan: Scan
    private let modes: ModeRule
    private let writer: InOrder<ManifestWriter>
    private let progress: Progress?
    private let results: [BlockResults]

    init(scan: Scan, modes: ModeRule, writer: InOrder<ManifestWriter>, progress: Progress?) {
        self.scan = scan
        self.modes = modes
        self.writer = writer
        self.progress = progress
        results = scan.walk.paths.blocks.map { BlockResults(count: $0.count) }
    }

    func run(workers: Int) async throws(ManifestError) {
        let count = scan.walk.paths.count
        let queue = WorkQueue(count, run: runLength(count, workers: workers))
        try await withWorkers(workers) { () throws(ManifestError) in
            do throws(ManifestError) {
                try self.work(queue)
            } catch {
                queue.stop()
                throw error
            }
        }
    }

    private func work(_ queue: WorkQueue) throws(ManifestError) {
        var opener = try scan.opener()
        var reader = try FileReader(progress: progress)
        while let run = queue.take() {
            let index = run.lowerBound / PathTable.blockSize
            let block = scan.walk.paths.blocks[index]
            let start = run.lowerBound % PathTable.blockSize
            var facts: [FileFacts?] = []
            facts.reserveCapacity(run.count)
            for entry in start..<start + run.count {
                facts.append(try hash(block, entry, &opener, &reader))
            }
            if let all = results[index].add(facts, at: start) {
                try writer.deliver(encode(block, all, index), at: index)
            }
        }
    }

    private func hash(
        _ block: PathTable.Block, _ entry: Int, _ opener: inout ArtifactOpener,
        _ reader: inout FileReader
    ) throws(ManifestError) -> FileFacts? {
        guard block.types[entry] == .file else { return nil }
        let range = block.range(entry)
        let facts: FileFacts
        do throws(ManifestError) {
            facts = try reader.read(&opener, block.bytes.span.extracting(range))
        } catch {
            throw error.at(scan.place(of: Array(block.bytes[range])))
        }
        guard modes.accepts(facts.mode) else {
            throw .specialMode(path: Array(block.bytes[range]), mode: facts.mode)
        }
        return facts
    }

    private func encode(
        _ block: PathTable.Block, _ facts: [FileFacts?], _ index: Int
    ) throws(ManifestError) -> EncodedBlock {
        let first = index * PathTable.blockSize
        let targets = scan.walk.targets
        do throws(OpenSSLError) {
            return try EncodedBlock(
                block, facts, targets: { targets[first + $0] ?? [] }, modes: modes)
        } catch {
            throw .openSSL(error)
        }
    }
}

/// Gathers the facts of one block until they are complete.
private final class BlockResults: Sendable {
    private struct State {
        var facts: [FileFacts?] = []
        var missing: Int
    }

    private let count: Int
    private let state: Mutex<State>

    init(count: Int) {
        self.count = count
        state = Mutex(State(missing: count))
    }

    /// Adds facts; returns all of the block's when none is missing any more.
    func add(_ facts: [FileFacts?], at start: Int) -> [FileFacts?]? {
        state.withLock { state in
            if state.facts.isEmpty { state.facts = Array(repeating: nil, count: count) }
            state.facts.replaceSubrange(start..<start + facts.count, with: facts)
            state.missing -= facts.count
            guard state.missing == 0 else { return nil }
            defer { state.facts = [] }
            return state.facts
        }
    }
}
