import Bundles
import Encodings
import Manifests
import OpenSSL
import Records

/// The family `record`: evidence records are what they say and belong here (docs/records.md).
extension Findings {
    mutating func checkRecords(
        _ contents: BundleContents, seal: SHA256Digest?, release: Release?
    ) {
        let files = contents.files(.evidence)
        guard !files.isEmpty else {
            notApplicable(.recordFormat, "evidence", "the bundle has no records")
            notApplicable(.recordSeal, "evidence", "the bundle has no records")
            return
        }
        var earlier: Set<SHA256Digest> = []
        for file in contents.files {
            if file.entry.kind == .evidence, let bytes = file.trueBytes {
                checkRecord(bytes, at: printable(file.entry.path), earlier, seal, release)
            }
            earlier.insert(file.entry.digest)
        }
        conclude(.recordFormat, "\(files.count) records", "are canonical, closed and linked")
        conclude(.recordSeal, "\(files.count) records", "name this seal and this release")
    }

    private mutating func checkRecord(
        _ bytes: [UInt8], at subject: String, _ earlier: Set<SHA256Digest>, _ seal: SHA256Digest?,
        _ release: Release?
    ) {
        let record: Record
        do {
            record = try Record(parsing: bytes)
        } catch {
            if case .unknownKind = error {
                unknown(.recordFormat, subject, error.description)
            } else {
                fail(.recordFormat, subject, error.description)
            }
            return
        }
        for link in record.header.links where !earlier.contains(link.digest) {
            fail(
                .recordFormat, subject,
                "links to \(link.digest.hex), which no earlier log entry names")
        }
        let claimed = try? Release(
            name: record.header.releaseName, version: record.header.releaseVersion)
        let isOfRelease = claimed != nil && claimed == release
        if record.header.seal != seal || !isOfRelease {
            fail(.recordSeal, subject, "is about another seal or release")
        }
    }
}
