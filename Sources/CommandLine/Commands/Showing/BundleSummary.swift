import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutVerification

/// What a bundle says of itself in a few lines.
struct BundleSummary {
    private let seal: Seal
    private let id: SHA256Digest
    private let signatures: Int
    private let records: Int
    private let attachments: Int
    private let logSize: Int
    /// How many entries the checkpoint says that it commits; nil without one.
    private let committed: UInt64?

    /// Takes it from a bundle.
    ///
    /// - Throws: `CommandFailure` where the seal cannot be read.
    init(_ contents: BundleContents) throws {
        guard let bytes = contents.seal, let seal = try? Seal(parsing: bytes) else {
            throw CommandFailure(
                .malformed, "the bundle has no seal that can be read",
                hint: "run `closeout verify` to see what is wrong")
        }
        self.seal = seal
        id = try SHA256Digest.of(bytes)
        signatures = contents.files(.signature).count
        records = contents.files(.evidence).count
        attachments = contents.files(.attachment).count
        logSize = contents.log.size
        committed =
            contents.checkpoint.bytes.flatMap { try? SignedNote(parsing: $0) }
            .flatMap { try? Checkpoint(parsing: $0.text) }?.size
    }

    var text: String {
        let totals = seal.totals
        return """
            release      \(seal.release.name) \(seal.release.version)
            created      \(seal.created)
            bundle id    \(id.hex)
            manifest     \(seal.manifestDigest.hex)
            merkle root  \(seal.merkleRoot.hex)
            shipped      \(counted(totals.files, "file")), \
            \(counted(totals.directories, "folder")), \
            \(counted(totals.symlinks, "link")), \(counted(totals.bytes, "byte"))
            signatures   \(signatures)
            evidence     \(counted(records, "record")), \(counted(attachments, "attachment"))
            log          \(logSize) entries, \(committed.map { "\($0) committed" } ?? "no checkpoint")

            """
    }

    var json: JSON {
        let totals = seal.totals
        return [
            "name": JSON(seal.release.name), "version": JSON(seal.release.version),
            "created": JSON(seal.created.description), "seal": JSON(id.hex),
            "manifest": JSON(seal.manifestDigest.hex), "merkle_root": JSON(seal.merkleRoot.hex),
            "files": .integer(Int64(totals.files)),
            "directories": .integer(Int64(totals.directories)),
            "symlinks": .integer(Int64(totals.symlinks)),
            "bytes": .integer(Int64(clamping: totals.bytes)),
            "signatures": .integer(Int64(signatures)), "records": .integer(Int64(records)),
            "attachments": .integer(Int64(attachments)), "log_size": .integer(Int64(logSize)),
            "committed": committed.map { .integer(Int64(clamping: $0)) } ?? .null,
        ]
    }
}
