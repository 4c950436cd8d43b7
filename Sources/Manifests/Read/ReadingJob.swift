internal import CloseoutEncodings
internal import CloseoutOpenSSL

/// The check of all entry lines by several workers, a block at a time.
final class ReadingJob: Sendable {
    private let lines: LineTable
    private let header: ManifestHeader
    private let results: ReorderBuffer<ReadingAssembler>

    init(_ lines: LineTable, _ header: ManifestHeader) throws(ManifestError) {
        self.lines = lines
        self.header = header
        results = ReorderBuffer(try reporting(openSSL: try ReadingAssembler()))
    }

    func run(workers: Int) async throws(ManifestError) -> ManifestReading {
        let blocks = (lines.count + PathTable.blockSize - 1) / PathTable.blockSize
        let queue = WorkQueue(blocks)
        try await withWorkers(workers) { _ throws(ManifestError) in
            while let block = queue.take()?.lowerBound {
                try self.results.deliver(self.read(block), at: block)
            }
        }
        return try result()
    }

    private func read(_ block: Int) throws(ManifestError) -> BlockReading {
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
        try results.finish { assembler throws(ManifestError) in
            try reporting(openSSL: try assembler.reading(lines, header))
        }
    }
}

/// Puts together what the blocks of a manifest gave.
struct ReadingAssembler: ~Copyable, Assembler {
    private var sums: DigestContext
    private var tree: MerkleAccumulator
    private var sumsSize = 0
    private var totals = ManifestTotals()
    private var defects = DefectList()
    private var links: [Int] = []

    init() throws(OpenSSLError) {
        let sums = try DigestContext(.sha256)
        tree = try MerkleAccumulator()
        self.sums = sums
    }

    mutating func append(_ block: BlockReading) throws(ManifestError) {
        try reporting(openSSL: try sums.update(block.sums))
        try reporting(openSSL: try tree.append(block.root))
        sumsSize += block.sums.count
        totals += block.totals
        defects += block.defects
        links += block.links
    }

    mutating func reading(
        _ lines: LineTable, _ header: ManifestHeader
    ) throws(OpenSSLError) -> ManifestReading {
        if !header.outsideLinks && defects.leavesEntries {
            defects.merge(escapes(of: links, in: lines))
        }
        if totals.files == 0 {
            defects.append(ManifestDefect(line: lines.count + 1, path: nil, reason: .noFiles))
        }
        let manifest = Manifest(
            lines: lines, header: header, merkleRoot: try tree.root(),
            sumsDigest: try sums.finishSHA256(), sumsSize: sumsSize, totals: totals)
        return defects.reading(manifest)
    }

    /// The links that escape.
    private func escapes(of indices: [Int], in lines: LineTable) -> [ManifestDefect] {
        let links = lines.links(indices)
        var resolver = LinkResolver(links)
        return resolver.escaping().map { number in
            ManifestDefect(
                line: indices[number] + 2, path: links[number].path,
                reason: .outsideLink(target: links[number].target))
        }
    }
}
