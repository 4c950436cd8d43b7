import CloseoutBundles
package import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutVerification

/// What the linked evidence of a bundle says by itself, as far as it is of a form that is read
/// (docs/criteria.md, "Content of evidence").
package struct EvidenceContents: Equatable, Sendable {
    /// What one file came to.
    private struct Entry: Equatable, Sendable {
        let serves: Readiness.Evidence?
        let form: String
        let verdict: ContentVerdict
    }

    /// The kinds of evidence of which files are read.
    package static let kinds: [Readiness.Evidence] = [.tests, .sbom, .scan]
    /// The most bytes of all files that are read of one bundle.
    package static let most = 128 << 20

    private var entries: [SHA256Digest: Entry] = [:]

    /// Knows of no file, so that all content is unknown.
    package init() {}

    /// Takes what files say.
    ///
    /// - Parameters:
    ///   - contents: What each says.
    ///   - shipped: What of the shipped files they name; nil where the manifest was not read.
    package init(_ contents: [SHA256Digest: EvidenceContent], shipped: ShippedNames?) {
        entries = contents.mapValues { content in
            Entry(
                serves: content.serves, form: content.form?.words ?? "",
                verdict: content.verdict(shipped: shipped))
        }
    }

    /// What a file comes to as evidence of some kind.
    package func verdict(of file: SHA256Digest, as kind: Readiness.Evidence) -> ContentVerdict {
        guard let entry = entries[file] else { return .unknown("was not read") }
        if let serves = entry.serves, serves != kind {
            return .unknown("is \(entry.form), and no evidence of \(kind.rawValue)")
        }
        return entry.verdict
    }
}

extension Inspection {
    /// Reads the attachments of the bundle that readiness records link as tests, bills of materials and
    /// scans, in the order of the log and up to `EvidenceContents.most` bytes together.
    ///
    /// - Throws: `BundleError` where the bundle cannot be opened again.
    package func evidenceContents() throws -> EvidenceContents {
        let linked = Set(
            EvidenceContents.kinds.flatMap { report.evidence?.readiness.evidence[$0] ?? [] })
        guard !linked.isEmpty else { return EvidenceContents() }
        let reader = try BundleReader(opening: path)
        var rest = EvidenceContents.most
        var found: [SHA256Digest: EvidenceContent] = [:]
        for entry in contents.log.entries
        where entry.kind == .attachment && linked.contains(entry.digest) {
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
        return EvidenceContents(found, shipped: shipped)
    }
}
