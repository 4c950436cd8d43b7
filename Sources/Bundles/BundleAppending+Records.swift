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
        let contents = try contents()
        let defects = record.linkDefects { digest in target(digest, in: contents) }
        if let defect = defects.first { throw .wrongLink(defect.reason) }
        return try add(
            NewFile(kind: .evidence, mediaType: .record, bytes: record.canonicalBytes), at: instant)
    }

    /// What the log names by a digest; nil where it names nothing.
    private func target(_ digest: SHA256Digest, in contents: BundleContents) -> LinkTarget? {
        // The files are in the order of the log, which has no defect.
        guard let sequence = builder.sequence(of: digest) else { return nil }
        let file = contents.files[sequence]
        guard file.entry.kind == .evidence else { return .file }
        guard let bytes = file.trueBytes, let record = try? Record(parsing: bytes) else {
            return .unread
        }
        return .record(record.kind)
    }
}
