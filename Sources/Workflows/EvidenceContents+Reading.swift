import CloseoutBundles
package import CloseoutDecisions
import CloseoutOpenSSL
import CloseoutRecords
package import CloseoutVerification

extension Inspection {
    /// Reads the attachments of the bundle that readiness records link as tests, bills of materials and
    /// scans, in the order of the log and up to `EvidenceContents.most` bytes together.
    ///
    /// - Parameter known: What was read before, and is not read again.
    /// - Returns: What is known of all of them.
    /// - Throws: `BundleError` where a file cannot be hashed.
    package func evidenceContents(
        knowing known: EvidenceContents = EvidenceContents()
    ) throws -> EvidenceContents {
        let linked = Set(
            EvidenceContents.kinds.flatMap { report.evidence?.readiness.evidence[$0] ?? [] })
        guard !linked.isEmpty else { return known }
        let reader = bundle
        var rest = EvidenceContents.most
        var found: [SHA256Digest: EvidenceContent] = [:]
        for entry in contents.log.entries
        where entry.kind == .attachment && linked.contains(entry.digest)
            && !known.knows(entry.digest)
        {
            guard entry.size <= min(rest, EvidenceContent.largestFile) else {
                found[entry.digest] = .unread("is larger than what is read")
                continue
            }
            rest -= entry.size
            let bytes = try reader.readAttachment(entry, limit: entry.size)
            found[entry.digest] = bytes.map { EvidenceContent(of: $0) } ?? .unread("is not there")
        }
        let parts = found.values.compactMap { content -> MaterialParts? in
            if case .parts(let parts) = content.body { parts } else { nil }
        }
        let shipped =
            parts.isEmpty
            ? nil : try reader.shippedNames(among: parts, manifest: contents.log.first(.manifest))
        return known.adding(EvidenceContents(found, shipped: shipped))
    }
}
