internal import Encodings
internal import OpenSSL
internal import Synchronization

/// The judging of all entry lines by several workers, a block at a time.
final class ReadingJob: Sendable {
    private let lines: LineTable
    private let header: ManifestHeader
    private let results: InOrder<ReadingAssembler>
    private let digest = Mutex<SHA256Digest?>(nil)

    init(_ lines: LineTable, _ header: ManifestHeader) throws(ManifestError) {
        self.lines = lines
        self.header = header
        do throws(OpenSSLError) {
            results = InOrder(try ReadingAssembler())
        } catch {
            throw .openSSL(error)
        }
    }

    func run(workers: Int) async throws(ManifestError) -> ManifestReading {
        let blocks = (lines.count + PathTable.blockSize - 1) / PathTable.blockSize
        // The digest of the whole is one more piece of work, the longest and so the first.
        let queue = WorkQueue(blocks + 1)
        try await withWorkers(workers) { () throws(ManifestError) in
            while let piece = queue.take()?.lowerBound {
                if piece == 0 {
                    try self.digestWhole()
                } else {
                    try self.results.deliver(self.read(block: piece - 1), at: piece - 1)
                }
            }
        }
        return try result()
    }

    private func digestWhole() throws(ManifestError) {
        do throws(OpenSSLError) {
            let whole = try SHA256Digest.of(lines.bytes)
            digest.withLock { $0 = whole }
        } catch {
            throw .openSSL(error)
        }
    }

    private func read(block: Int) throws(ManifestError) -> BlockReading {
        let start = block * PathTable.blockSize
        let bytes = lines.bytes
        do throws(OpenSSLError) {
            var reader = try BlockReader(lines, header, before: start)
            for index in start..<min(start + PathTable.blockSize, lines.count) {
                try reader.read(index, in: bytes.span)
            }
            return try reader.finish()
        } catch {
            throw .openSSL(error)
        }
    }

    private func result() throws(ManifestError) -> ManifestReading {
        let digest = digest.withLock { $0 }
        return try results.finish { assembler throws(ManifestError) in
            do throws(OpenSSLError) {
                return try assembler.reading(lines, header, digest)
            } catch {
                throw .openSSL(error)
            }
        }
    }
}

/// Puts together what the blocks of a manifest gave.
struct ReadingAssembler: ~Copyable, Assembler {
    private var sums: DigestContext
    private var tree: MerkleAccumulator
    private var sumsSize = 0
    private var totals = ManifestTotals()
    private var defects: [ManifestDefect] = []
    private var defectCount = 0
    private var leavesEntries = true

    init() throws(OpenSSLError) {
        let sums = try DigestContext(.sha256)
        tree = try MerkleAccumulator()
        self.sums = sums
    }

    mutating func append(_ block: BlockReading) throws(ManifestError) {
        do throws(OpenSSLError) {
            try sums.update(block.sums)
            try tree.append(block.root)
        } catch {
            throw .openSSL(error)
        }
        sumsSize += block.sums.count
        totals += block.totals
        defects += block.defects.prefix(ManifestReading.mostDefects - defects.count)
        defectCount += block.defectCount
        leavesEntries = leavesEntries && block.leavesEntries
    }

    mutating func reading(
        _ lines: LineTable, _ header: ManifestHeader, _ digest: SHA256Digest?
    ) throws(OpenSSLError) -> ManifestReading {
        if totals.files == 0 {
            defects.append(ManifestDefect(line: lines.count + 1, path: nil, reason: .noFiles))
            defectCount += 1
        }
        let sumsDigest = try sums.finishSHA256()
        let root = try tree.root()
        guard leavesEntries, let digest else {
            return ManifestReading(manifest: nil, defects: defects, defectCount: defectCount)
        }
        let manifest = Manifest(
            lines: lines, header: header, digest: digest, merkleRoot: root,
            sumsDigest: sumsDigest, sumsSize: sumsSize, totals: totals)
        return ManifestReading(manifest: manifest, defects: defects, defectCount: defectCount)
    }
}
