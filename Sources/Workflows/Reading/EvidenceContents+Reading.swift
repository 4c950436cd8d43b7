import CloseoutBundles
import CloseoutDecisions
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

extension Inspection {
    /// What the attachments of the bundle say that readiness records link as tests, bills of materials and
    /// scans, in the order of the log and up to `EvidenceContent.most` bytes together.
    ///
    /// What the bundle's one reading kept is not read again. The manifest must have been kept.
    ///
    /// - Parameters:
    ///   - known: What is known of them.
    ///   - stored: What else was read when it was stored.
    /// - Returns: What is known of all of them.
    /// - Throws: `BundleError` where a file cannot be hashed.
    func evidenceContents(
        knowing known: EvidenceContents = EvidenceContents(), _ stored: [StoredEvidence] = []
    ) throws -> EvidenceContents {
        let linked = Set(
            EvidenceContent.kinds.flatMap { report.evidence?.readiness.evidence[$0] ?? [] })
        guard !linked.isEmpty else { return known }
        let atHand = Dictionary(
            stored.map { ($0.file.digest, $0.content) }, uniquingKeysWith: { $1 })
        var rest = EvidenceContent.most
        var found: [SHA256Digest: EvidenceContent] = [:]
        for file in contents.files(.attachment)
        where linked.contains(file.entry.digest) && !known.knows(file.entry.digest) {
            let entry = file.entry
            guard entry.size <= min(rest, EvidenceContent.largestFile) else {
                found[entry.digest] = .unread("is larger than what is read")
                continue
            }
            rest -= entry.size
            found[entry.digest] = try atHand[entry.digest] ?? content(of: file)
        }
        let parts = found.values.compactMap { content -> MaterialParts? in
            if case .parts(let parts) = content.body { parts } else { nil }
        }
        let shipped =
            parts.isEmpty
            ? nil
            : ShippedNames(
                among: parts, in: readings[BundleLayout.manifest], contents.log.first(.manifest))
        return known.adding(EvidenceContents(found, shipped: shipped))
    }

    private func content(of file: LoggedFile) throws(BundleError) -> EvidenceContent {
        var bytes = file.trueBytes
        if bytes == nil {
            bytes = try bundle.readAttachment(file.entry, limit: file.entry.size)
        }
        return bytes.map { EvidenceContent(of: $0) } ?? .unread("is not there")
    }
}
