internal import CloseoutEncodings
internal import CloseoutFiles
internal import CloseoutOpenSSL

/// Writes `manifest.jsonl` and `SHA256SUMS`, block after block, and computes what the seal says of
/// them.
struct ManifestWriter: ~Copyable, Assembler {
    private var manifest: DigestedFile
    private var sums: DigestedFile
    private var tree: MerkleAccumulator
    private var totals = ManifestTotals()

    /// Creates both files and writes the header.
    init(into directory: borrowing Directory, _ header: ManifestHeader) throws(ManifestError) {
        var manifest = try DigestedFile(directory, Manifest.fileName)
        let sums = try DigestedFile(directory, Manifest.sumsFileName)
        try manifest.append(header.line + [lineFeed])
        tree = try reporting(openSSL: try MerkleAccumulator())
        self.manifest = manifest
        self.sums = sums
    }

    mutating func append(_ block: EncodedBlock) throws(ManifestError) {
        try manifest.append(block.lines)
        try sums.append(block.sums)
        try reporting(openSSL: try tree.append(block.root))
        totals += block.totals
    }

    /// Waits until both files have reached the storage, and returns what they hold.
    mutating func finish(_ collisions: [NameCollision]) throws(ManifestError) -> FrozenManifest {
        let manifest = try manifest.finish()
        let sums = try sums.finish()
        return FrozenManifest(
            digest: manifest.digest, size: manifest.size, sumsDigest: sums.digest,
            sumsSize: sums.size, merkleRoot: try reporting(openSSL: try tree.root()),
            totals: totals, collisions: collisions)
    }
}

/// A new file and the digest of what is written to it.
struct DigestedFile: ~Copyable {
    private let file: OutputFile
    private var digest: DigestContext
    private var size = 0

    init(_ directory: borrowing Directory, _ name: [UInt8]) throws(ManifestError) {
        let digest = try reporting(openSSL: try DigestContext(.sha256))
        file = try reporting(file: try directory.create(name))
        self.digest = digest
    }

    mutating func append(_ bytes: [UInt8]) throws(ManifestError) {
        try reporting(file: try file.write(bytes))
        try reporting(openSSL: try digest.update(bytes))
        size += bytes.count
    }

    mutating func finish() throws(ManifestError) -> (digest: SHA256Digest, size: Int) {
        try reporting(file: try file.sync())
        return (try reporting(openSSL: try digest.finishSHA256()), size)
    }
}
