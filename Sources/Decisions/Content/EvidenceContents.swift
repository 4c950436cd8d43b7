package import CloseoutOpenSSL
package import CloseoutRecords

/// What the linked evidence of a bundle says by itself, as far as it is of a form that is read
/// (docs/criteria.md, "Content of evidence").
package struct EvidenceContents: Equatable, Sendable {
    /// What one file means.
    private struct Entry: Equatable, Sendable {
        let serves: Readiness.Evidence?
        let form: String
        let verdict: ContentVerdict
    }

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

    /// These contents, with more that was read.
    package func adding(_ other: EvidenceContents) -> EvidenceContents {
        var all = self
        all.entries.merge(other.entries) { $1 }
        return all
    }

    /// Whether a file was read, or could not be.
    package func knows(_ file: SHA256Digest) -> Bool { entries[file] != nil }

    /// What a file means as evidence of some kind.
    package func verdict(of file: SHA256Digest, as kind: Readiness.Evidence) -> ContentVerdict {
        guard let entry = entries[file] else { return .unknown("was not read") }
        if let serves = entry.serves, serves != kind {
            return .unknown("is \(entry.form), and no evidence of \(kind.rawValue)")
        }
        return entry.verdict
    }
}
