import CloseoutEncodings
package import CloseoutFiles
package import CloseoutManifests
package import CloseoutOpenSSL

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
        let reading = try bundle.readManifest(contents.log.first(.manifest))
        let manifest: Manifest? =
            if let bytes = reading.bytes { try await Manifest.read(bytes).manifest } else { nil }
        try self.init(contents, manifest, digest: reading.digest)
    }

    /// Makes proofs of what was read of a bundle.
    ///
    /// - Parameters:
    ///   - contents: The bundle.
    ///   - manifest: Its manifest; nil where it could not be read.
    ///   - digest: The digest of the manifest's bytes; nil where they could not be read.
    /// - Throws: As the other one.
    package init(_ contents: BundleContents, _ manifest: Manifest?, digest: SHA256Digest?) throws {
        guard let sealBytes = contents.seal else {
            throw BundleError.malformed("the bundle", reason: "its seal is not the logged one")
        }
        let seal = try Seal(parsing: sealBytes)
        guard let digest, digest == seal.manifestDigest else {
            throw BundleError.malformed("the bundle", reason: "its manifest is not the sealed one")
        }
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
