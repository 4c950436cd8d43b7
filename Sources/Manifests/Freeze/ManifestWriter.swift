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
        do throws(OpenSSLError) {
            tree = try MerkleAccumulator()
        } catch {
            throw .openSSL(error)
        }
        self.manifest = manifest
        self.sums = sums
    }

    mutating func append(_ block: EncodedBlock) throws(ManifestError) {
        try manifest.append(block.lines)
        try sums.append(block.sums)
        do throws(OpenSSLError) { try tree.append(block.root) } catch { throw .openSSL(error) }
        totals += block.totals
    }

    /// Waits until both files have reached the storage, and returns what they hold.
    mutating func finish(_ collisions: [NameCollision]) throws(ManifestError) -> FrozenManifest {
        let manifest = try manifest.finish()
        let sums = try sums.finish()
        do throws(OpenSSLError) {
            return FrozenManifest(
                digest: manifest.digest, size: manifest.size, sumsDigest: sums.digest,
                sumsSize: sums.size, merkleRoot: try tree.root(), totals: totals,
                collisions: collisions)
        } catch {
            throw .openSSL(error)
        }
    }
}

/// A new file and the digest of what is written to it.
struct DigestedFile: ~Copyable {
    private let file: OutputFile
    private var digest: DigestContext
    private var size = 0

    init(_ directory: borrowing Directory, _ name: [UInt8]) throws(ManifestError) {
        let digest: DigestContext
        do throws(OpenSSLError) { digest = try DigestContext(.sha256) } catch {
            throw .openSSL(error)
        }
        do throws(FileError) { file = try directory.create(name) } catch { throw .file(error) }
        self.digest = digest
    }

    mutating func append(_ bytes: [UInt8]) throws(ManifestError) {
        do throws(FileError) { try file.write(bytes) } catch { throw .file(error) }
        do throws(OpenSSLError) { try digest.update(bytes) } catch { throw .openSSL(error) }
        size += bytes.count
    }

    mutating func finish() throws(ManifestError) -> (digest: SHA256Digest, size: Int) {
        do throws(FileError) { try file.sync() } catch { throw .file(error) }
        do throws(OpenSSLError) { return (try digest.finishSHA256(), size) } catch {
            throw .openSSL(error)
        }
    }
}
