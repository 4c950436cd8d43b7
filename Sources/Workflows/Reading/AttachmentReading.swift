package import CloseoutBundles
import CloseoutDecisions
package import CloseoutOpenSSL

extension BundleReader {
    /// The bytes of attachments on which decisions rest; what is not there or is too large is left out.
    ///
    /// - Parameters:
    ///   - digests: Which attachments.
    ///   - contents: What was read of the bundle; what it kept is not read again.
    /// - Returns: Their bytes, by digest.
    /// - Throws: `BundleError` where a digest cannot be computed.
    package func attachments(
        _ digests: Set<SHA256Digest>, of contents: BundleContents
    ) throws(BundleError) -> [SHA256Digest: [UInt8]] {
        // The newest first: what is left out makes the decisions unknown that rest on it.
        let wanted = contents.log.entries.reversed().filter {
            $0.kind == .attachment && digests.contains($0.digest)
        }
        var reading = AttachmentReading(self, contents, most: RetentionFiles.most)
        var found: [SHA256Digest: [UInt8]] = [:]
        for entry in wanted.prefix(RetentionFiles.mostFiles) {
            found[entry.digest] = try reading.read(entry.digest, limit: Observations.largestFile)
        }
        return found
    }
}

/// Gives the bytes of attachments of a bundle one by one, up to a number of bytes together.
struct AttachmentReading {
    private let reader: BundleReader
    private let files: [SHA256Digest: LoggedFile]
    private var rest: Int

    init(_ reader: BundleReader, _ contents: BundleContents, most: Int) {
        self.reader = reader
        rest = most
        files = Dictionary(
            contents.files(.attachment).map { ($0.entry.digest, $0) }, uniquingKeysWith: { $1 })
    }

    /// The bytes of an attachment; nil where it is not there, is not what the log says, or is too large.
    mutating func read(_ digest: SHA256Digest, limit: Int) throws(BundleError) -> [UInt8]? {
        guard let file = files[digest] else { return nil }
        let limit = min(limit, rest)
        var bytes = file.trueBytes
        if bytes == nil { bytes = try reader.readAttachment(file.entry, limit: limit) }
        guard let bytes, bytes.count <= limit else { return nil }
        rest -= bytes.count
        return bytes
    }
}
