package import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
package import CloseoutRecords

/// Attachments with their names (docs/records.md, "attachment").
extension BundleAppending {
    /// Adds the record of what an attachment is called, unless the log says that already.
    ///
    /// - Parameters:
    ///   - stored: The attachment, as `add` gave it.
    ///   - description: The name and the media type.
    ///   - by: Who adds it, as they say.
    ///   - instant: When.
    /// - Returns: The record's file; nil where nothing was to be written.
    /// - Throws: `BundleError` as for any record.
    package mutating func describe(
        _ stored: StoredFile, as description: AttachmentDescription, by: String?,
        at instant: Instant
    ) throws(BundleError) -> StoredFile? {
        if stored.existed {
            let records = try contents().files(.evidence).compactMap { file in
                file.trueBytes.flatMap { try? Record(parsing: $0) }
            }
            guard !AttachmentNames(records).have(description, of: stored.digest) else { return nil }
        }
        let (sealBytes, digest) = (seal, sealDigest)
        let record = try reportingBundleErrors {
            let release = try Seal(parsing: sealBytes).release
            return Record(
                header: RecordHeader(
                    releaseName: release.name, releaseVersion: release.version, seal: digest,
                    at: instant, by: by, visibility: .restricted, salt: try randomBytes(32),
                    links: [RecordLink(kind: AttachmentDescription.link, digest: stored.digest)]),
                body: .attachment(description))
        }
        return try add(record, at: instant)
    }
}
