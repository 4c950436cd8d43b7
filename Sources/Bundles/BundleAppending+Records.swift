package import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
package import CloseoutRecords

/// Records being added, none of which would fail the bundle for good (docs/records.md, "Links").
extension BundleAppending {
    /// Adds a record, once it is sure that its links lead to what they have to.
    ///
    /// - Throws: `BundleError.wrongLink` for the first that does not; else as for any file.
    package mutating func add(_ record: Record, at instant: Instant) throws(BundleError)
        -> StoredFile
    {
        let defects = try record.linkDefects { digest throws(BundleError) in try target(digest) }
        if let defect = defects.first { throw .wrongLink(defect.reason) }
        let stored = try add(
            NewFile(kind: .evidence, mediaType: .record, bytes: record.canonicalBytes), at: instant)
        newRecords[stored.digest] = record.kind
        return stored
    }

    /// What the log names by a digest; nil where it names nothing.
    private borrowing func target(_ digest: SHA256Digest) throws(BundleError) -> LinkTarget? {
        if let kind = newRecords[digest] { return .record(kind) }
        guard let path = builder.path(of: digest) else { return nil }
        let (folder, name) = Path.split(path)
        guard folder == EntryKind.evidence.folder, let name else { return .file }
        return try reportingBundleErrors { () throws -> LinkTarget in
            guard let bytes = try? root.open(folder).read(name, limit: BundleLimits.record),
                try SHA256Digest.of(bytes) == digest, let record = try? Record(parsing: bytes)
            else { return .unread }
            return .record(record.kind)
        }
    }
}
