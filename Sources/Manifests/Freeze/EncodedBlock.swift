internal import CloseoutEncodings
internal import CloseoutFiles
internal import CloseoutOpenSSL

/// The entry lines of one block of paths, with what is computed over them.
struct EncodedBlock: Sendable {
    /// The lines, each with its LF.
    private(set) var lines: [UInt8] = []
    /// The lines of SHA256SUMS, each with its LF.
    private(set) var sums: [UInt8] = []
    /// The root of the Merkle tree over the lines, a whole subtree of the manifest's.
    private(set) var root: SHA256Digest
    private(set) var totals = ManifestTotals()
}

extension EncodedBlock {
    /// Encodes a block.
    ///
    /// - Parameters:
    ///   - block: the paths.
    ///   - facts: what is recorded of each that is a file.
    ///   - modes: what of a file's mode is recorded.
    /// - Throws: `OpenSSLError` when libcrypto fails.
    init(
        _ block: PathTable.Block, _ facts: [FileMetadata?], modes: ModeRule
    ) throws(OpenSSLError) {
        var lines: [UInt8] = []
        var sums: [UInt8] = []
        var totals = ManifestTotals()
        var hasher = try MerkleHasher()
        var tree = try MerkleAccumulator()
        lines.reserveCapacity(block.bytes.count + block.count * 128)
        sums.reserveCapacity(block.bytes.count + block.count * 67)
        for index in 0..<block.count {
            let start = lines.count
            let path = block.bytes.span.extracting(block.range(index))
            switch block.types[index] {
            case .file:
                guard let facts = facts[index] else { continue }
                let digits = ManifestLine.append(
                    file: path, mode: modes.recorded(facts.mode), size: facts.size,
                    digest: facts.digest, to: &lines)
                SumsLine.append(
                    file: path, digits: lines.span.extracting(digits..<digits + 64), to: &sums)
                totals.files += 1
                totals.add(bytes: facts.size)
            case .directory:
                ManifestLine.append(directory: path, to: &lines)
                totals.directories += 1
            case .symlink:
                ManifestLine.append(symlink: path, target: block.targets[index] ?? [], to: &lines)
                totals.symlinks += 1
            }
            try tree.append(hasher.leaf(lines.span.extracting(start..<lines.count)))
            lines.append(lineFeed)
        }
        self.lines = lines
        self.sums = sums
        self.totals = totals
        root = try tree.root()
    }
}
