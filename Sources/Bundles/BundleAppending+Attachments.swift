package import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
package import CloseoutRecords

/// Attachments with their names (docs/records.md, "attachment").
extension BundleAppending {
    /// The bytes of a file that is being added, or that the bundle holds already.
    ///
    /// - Returns: nil where it is larger than the limit, or is not what the log says.
    /// - Throws: `BundleError.file`.
    package borrowing func bytes(of stored: StoredFile, limit: Int) throws(BundleError) -> [UInt8]?
    {
        let (folder, name) = Path.split(stored.path)
        guard let name else { return nil }
        let found = pending.first { $0.folder == folder && $0.name == name }
        return try reportingBundleErrors {
            let file = try root.open(folder).openFile(found?.temporary ?? name)
            guard file.status.size <= limit else { return nil }
            let bytes = try root.open(folder).read(found?.temporary ?? name, limit: limit)
            return try SHA256Digest.of(bytes) == stored.digest ? bytes : nil
        }
    }

    /// Adds the record of what an attachment is called, unless the log says that already.
    ///
    /// - Parameters:
    ///   - description: The name and the media type.
    ///   - stored: The attachment, as `add` gave it.
    ///   - by: Who adds it, as they say.
    ///   - instant: When.
    /// - Returns: The record's file; nil where nothing was to be written.
    /// - Throws: `BundleError` as for any record.
    package mutating func describe(
        _ stored: StoredFile, as description: AttachmentDescription, by: String?,
        at instant: Instant
    ) throws(BundleError) -> StoredFile? {
        if stored.existed, try names().have(description, of: stored.digest) { return nil }
        let record = try reportingBundleErrors {
            let release = try Seal(parsing: seal).release
            return Record(
                header: RecordHeader(
                    releaseName: release.name, releaseVersion: release.version, seal: sealDigest,
                    at: instant, by: by, visibility: .restricted, salt: try randomBytes(32),
                    links: [RecordLink(kind: AttachmentDescription.link, digest: stored.digest)]),
                body: .attachment(description))
        }
        return try add(record, at: instant)
    }

    /// The names that the records of the log give.
    private borrowing func names() throws(BundleError) -> AttachmentNames {
        try reportingBundleErrors {
            var records: [Record] = []
            for entry in log.entries where entry.kind == .evidence {
                let (folder, name) = Path.split(entry.path)
                guard let name,
                    let bytes = try? root.open(folder).read(name, limit: BundleLimits.record),
                    let record = try? Record(parsing: bytes)
                else { continue }
                records.append(record)
            }
            return AttachmentNames(records)
        }
    }
}
