import CloseoutEncodings
package import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL

/// Makes proofs of a bundle's files (docs/proof.md).
package struct ProofMaker: Sendable {
    private let seal: [UInt8]
    private let manifest: Manifest
    private let tree: MerkleTree
    private let material: [Proof.Material]

    /// Reads what the proofs of a bundle need.
    ///
    /// - Throws: `BundleError.malformed` where seal and manifest are not what they should be: a
    ///   proof of them would not verify.
    package init(
        bundle path: [UInt8], waiting wait: LockWait = LockWait()
    ) async throws {
        let bundle = try await BundleReader(opening: path, waiting: wait)
        let contents = try bundle.contents()
        guard let sealBytes = contents.seal else {
            throw BundleError.malformed("the bundle", reason: "its seal is not the logged one")
        }
        let seal = try Seal(parsing: sealBytes)
        let reading = try bundle.readManifest(contents.log.first(.manifest))
        guard let bytes = reading.bytes, reading.digest == seal.manifestDigest else {
            throw BundleError.malformed("the bundle", reason: "its manifest is not the sealed one")
        }
        let manifest = try await Manifest.read(bytes).manifest
        guard let manifest, manifest.merkleRoot == seal.merkleRoot else {
            throw BundleError.malformed("manifest.jsonl", reason: "it is not well formed")
        }
        self.seal = sealBytes
        self.manifest = manifest
        tree = try manifest.merkleTree()
        let ofRecords = try SortedSignatures(contents).records.values.joined()
        let unneeded = Set(ofRecords.map(\.file.entry.path))
        material = contents.files.compactMap { file in
            guard Proof.materialKinds.contains(file.entry.kind),
                !unneeded.contains(file.entry.path),
                let bytes = file.trueBytes
            else { return nil }
            return Proof.Material(path: file.entry.path, bytes: bytes)
        }
    }

    /// How many entries the manifest has.
    package var count: Int { manifest.count }

    /// The index of the entry with this path.
    package func index(of path: [UInt8]) -> Int? {
        manifest.index(of: path)
    }

    /// The proof of one entry, or nil where there is none of this index.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package func proof(at index: Int) throws -> Proof? {
        guard let line = manifest.line(at: index), let path = tree.inclusionPath(of: index)
        else { return nil }
        return Proof(seal: seal, entry: line, index: index, path: path, material: material)
    }
}
