package import CloseoutFiles
package import CloseoutOpenSSL

/// What was written when a tree was frozen.
package struct FrozenManifest: Equatable, Sendable {
    /// The SHA-256 of `manifest.jsonl`.
    package let digest: SHA256Digest
    /// The bytes of `manifest.jsonl`.
    package let size: Int
    /// The SHA-256 of `SHA256SUMS`.
    package let sumsDigest: SHA256Digest
    /// The bytes of `SHA256SUMS`.
    package let sumsSize: Int
    /// The root of the Merkle tree over the entry lines.
    package let merkleRoot: SHA256Digest
    /// What the manifest lists.
    package let totals: ManifestTotals
    /// Names that some file systems take for one, to be warned about.
    package let collisions: [NameCollision]
}

/// Hashes a source and writes `manifest.jsonl` and `SHA256SUMS` into a directory
/// (docs/manifest.md).
///
/// Both files are new and have reached the storage when the call returns. When it throws, what was
/// begun is left for the owner of the directory to remove.
///
/// - Throws: `ManifestError` for a source that cannot be frozen as it is, and for what went wrong
///   with files.
package func freeze(
    _ source: ManifestSource, options: ManifestOptions, into target: borrowing Directory,
    progress: Progress? = nil
) async throws(ManifestError) -> FrozenManifest {
    let artifacts = try Artifacts(source, outside: target)
    let writer = ReorderBuffer(try ManifestWriter(into: target, options.header))
    let collisions = try await FreezeJob(artifacts, options, writer, progress).run()
    return try writer.finish { writer throws(ManifestError) in
        try writer.finish(collisions)
    }
}
