package import CloseoutEncodings
package import CloseoutManifests
package import CloseoutOpenSSL
package import CloseoutRecords

extension RecordHeader {
    /// The header of a record that is made now.
    ///
    /// A restricted record gets a salt, so that its digest cannot be guessed from its words
    /// (docs/records.md, "Visibility").
    ///
    /// - Throws: `OpenSSLError` where there is no randomness.
    package static func new(
        _ release: Release, seal: SHA256Digest, at instant: Instant, by name: String?,
        _ visibility: Visibility, links: [RecordLink]
    ) throws -> RecordHeader {
        RecordHeader(
            releaseName: release.name, releaseVersion: release.version, seal: seal, at: instant,
            by: name, visibility: visibility,
            salt: visibility == .restricted ? try randomBytes(32) : nil, links: links)
    }
}

extension Record {
    /// The record as it will be read back.
    ///
    /// - Throws: `WorkflowError` where it would be refused then.
    package func readBack() throws -> Record {
        do throws(RecordError) { return try Record(parsing: canonicalBytes) } catch {
            throw WorkflowError.refused(.malformed, "\(error)")
        }
    }
}
