package import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures

/// What of a bundle an outsider may see (docs/records.md, "For everyone").
package struct PublicView: Sendable {
    /// The paths of logged files that are kept back, ascending.
    package let withheld: [[UInt8]]

    /// Finds what is kept back: records that are not for everyone, the signatures over them, and
    /// attachments to which no record leads that is, otherwise than as its source.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package init(_ contents: BundleContents) throws(OpenSSLError) {
        var shown: Set<SHA256Digest> = []
        var linked: Set<SHA256Digest> = []
        for file in contents.files(.evidence) {
            guard let record = file.trueBytes.flatMap({ try? Record(parsing: $0) }),
                record.isForEveryone
            else { continue }
            shown.insert(file.entry.digest)
            let links = record.header.links.filter { $0.kind != LinkRule.source.kind }
            linked.formUnion(links.map(\.digest))
        }
        let signatures = try SortedSignatures(contents).records
            .filter { !shown.contains($0.key) }.values.joined().map(\.file)
        // What was withheld from this copy stays withheld.
        let missing = contents.files.filter { file in
            guard case .missing = file.reading else { return false }
            return WithheldList.mayName(file.entry.kind)
        }
        let files =
            signatures + contents.files(.evidence).filter { !shown.contains($0.entry.digest) }
            + contents.files(.attachment).filter { !linked.contains($0.entry.digest) }
        withheld = Set((files + missing).map(\.entry.path)).sorted {
            $0.lexicographicallyPrecedes($1)
        }
    }

    /// Whether an outsider may see a file.
    package func shows(_ file: LoggedFile) -> Bool {
        !withheld.contains(file.entry.path)
    }
}
