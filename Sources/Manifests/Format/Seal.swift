package import CloseoutEncodings
package import CloseoutOpenSSL

/// The one small file that everybody signs (docs/seal.md).
///
/// An in-toto statement whose subject is the manifest. Its canonical bytes, without a LF at the
/// end, are the payload of every signature.
package struct Seal: Equatable, Sendable {
    /// When the release was frozen, as whoever froze it says.
    package let created: Instant
    /// The release.
    package let release: Release
    /// The SHA-256 of `manifest.jsonl`.
    package let manifestDigest: SHA256Digest
    /// The root of the Merkle tree over the manifest's entry lines.
    package let merkleRoot: SHA256Digest
    /// How many entries of which kind the manifest has, and the bytes of its files.
    package let totals: ManifestTotals

    /// The most bytes of a seal.
    package static let largest = 4096
    private static let statementType = "https://in-toto.io/Statement/v1"
    private static let predicateType = "urn:closeout:seal:v1"
    private static let subjectName = "manifest.jsonl"

    package init(
        created: Instant, release: Release, manifestDigest: SHA256Digest, merkleRoot: SHA256Digest,
        totals: ManifestTotals
    ) {
        self.created = created
        self.release = release
        self.manifestDigest = manifestDigest
        self.merkleRoot = merkleRoot
        self.totals = totals
    }

    /// The bytes of `seal.json`.
    package var canonicalBytes: [UInt8] {
        let predicate: JSON = [
            "artifacts": [
                "bytes": .integer(Int64(clamping: totals.bytes)),
                "directories": .integer(Int64(totals.directories)),
                "files": .integer(Int64(totals.files)),
                "symlinks": .integer(Int64(totals.symlinks)),
            ],
            "created": .string(created.bytes),
            "manifest": [
                "entries": .integer(Int64(totals.entries)),
                "merkle_root": JSON(merkleRoot.hex),
            ],
            "release": ["name": JSON(release.name), "version": JSON(release.version)],
        ]
        let statement: JSON = [
            "_type": JSON(Self.statementType),
            "predicate": predicate,
            "predicateType": JSON(Self.predicateType),
            "subject": [
                ["digest": ["sha256": JSON(manifestDigest.hex)], "name": JSON(Self.subjectName)]
            ],
        ]
        return statement.canonicalBytes
    }
}

/// Why bytes are not a seal.
package enum SealError: Error, Equatable, Sendable {
    /// It has more bytes than a seal may have.
    case tooLarge(Int)
    /// It is not canonical JSON.
    case json(JSONError)
    /// It is JSON of another shape.
    case shape(JSONShapeError)
}

extension SealError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let count): "the seal has \(count) bytes, more than \(Seal.largest)"
        case .json(let error): "\(error)"
        case .shape(let error): "\(error)"
        }
    }
}

extension Seal {
    /// Reads a seal.
    ///
    /// - Throws: `SealError` for anything but the canonical bytes of a seal, at most 4,096 of them.
    package init(parsing bytes: [UInt8]) throws(SealError) {
        guard bytes.count <= Self.largest else { throw .tooLarge(bytes.count) }
        let json: JSON
        do { json = try JSON(parsingCanonical: bytes) } catch { throw .json(error) }
        do { try self.init(json) } catch { throw .shape(error) }
    }

    private init(_ json: JSON) throws(JSONShapeError) {
        var statement = try JSONObjectReader(json)
        try statement.required("_type").demand(Self.statementType)
        try statement.required("predicateType").demand(Self.predicateType)
        manifestDigest = try Self.subject(statement.required("subject"))
        var predicate = try statement.required("predicate").object()
        try statement.finish()

        created = try predicate.required("created").instant()
        release = try Self.release(predicate.required("release"))
        let item = try predicate.required("manifest")
        var manifest = try item.object()
        merkleRoot = try manifest.required("merkle_root").digest()
        let entries = try manifest.required("entries")
        totals = try Self.totals(predicate.required("artifacts"))
        guard try entries.count() == totals.entries else {
            throw entries.invalid("not the sum of files, directories and symlinks")
        }
        try manifest.finish()
        try predicate.finish()
    }

    /// Reads the one subject, the manifest.
    private static func subject(_ item: JSONItem) throws(JSONShapeError) -> SHA256Digest {
        let subjects = try item.array()
        guard let first = subjects.first, subjects.count == 1 else {
            throw item.invalid("not exactly one subject")
        }
        var subject = try first.object()
        try subject.required("name").demand(subjectName)
        var digests = try subject.required("digest").object()
        let digest = try digests.required("sha256").digest()
        try digests.finish()
        try subject.finish()
        return digest
    }

    private static func release(_ item: JSONItem) throws(JSONShapeError) -> Release {
        var reader = try item.object()
        let name = try reader.required("name").string()
        let version = try reader.required("version").string()
        try reader.finish()
        do { return try Release(name: name, version: version) } catch {
            throw item.invalid("\(error)")
        }
    }

    private static func totals(_ item: JSONItem) throws(JSONShapeError) -> ManifestTotals {
        var reader = try item.object()
        var totals = ManifestTotals()
        totals.files = try reader.required("files").count()
        totals.directories = try reader.required("directories").count()
        totals.symlinks = try reader.required("symlinks").count()
        totals.bytes = UInt64(try reader.required("bytes").integer(in: 0...JSON.largestInteger))
        try reader.finish()
        return totals
    }
}

extension JSONItem {
    /// The value as a number of entries, within what a manifest can hold.
    fileprivate func count() throws(JSONShapeError) -> Int {
        Int(try integer(in: 0...Int64(Manifest.mostEntries)))
    }
}
