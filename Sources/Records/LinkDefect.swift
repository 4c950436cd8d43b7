import CloseoutEncodings
package import CloseoutOpenSSL

/// What the digest of a link names in a log (docs/records.md, "Links").
package enum LinkTarget: Equatable, Sendable {
    /// A record that could be read.
    case record(RecordKind)
    /// A record that could not.
    case unread
    /// A file of another kind.
    case file
}

/// A link of a record that does not lead where it has to.
package struct LinkDefect: Equatable, Sendable {
    /// What is wrong, in words that follow the name of the record.
    package let reason: String
    /// Whether it is unknown, because the file cannot be read.
    package let isUnknown: Bool
}

extension Record {
    /// The links that lead to no earlier entry of the log, or to no record of a kind that they need
    /// (docs/records.md, "Links").
    ///
    /// - Parameter earlier: What a digest names among the entries before the record; nil for nothing.
    /// - Returns: What is wrong, in the order of the links.
    /// - Throws: What `earlier` throws.
    package func linkDefects<Failure: Error>(
        _ earlier: (SHA256Digest) throws(Failure) -> LinkTarget?
    ) throws(Failure) -> [LinkDefect] {
        let rules = body.content.linkRules
        var defects: [LinkDefect] = []
        for link in header.links {
            guard let target = try earlier(link.digest) else {
                defects.append(
                    LinkDefect(
                        reason: "links to \(link.digest.hex), which no earlier log entry names",
                        isUnknown: false))
                continue
            }
            let rule = rules.first { $0.kind.utf8.elementsEqual(link.kind.utf8) }
            guard let kinds = rule?.targets, let defect = link.defect(of: target, needing: kinds)
            else { continue }
            defects.append(defect)
        }
        return defects
    }
}

extension RecordLink {
    /// What is wrong with a link that needs a record of some kinds.
    fileprivate func defect(of target: LinkTarget, needing kinds: [RecordKind]) -> LinkDefect? {
        let what: String
        switch target {
        case .record(let kind) where kinds.contains(where: kind.hasName): return nil
        case .record(let kind): what = "is a \(kind.name) record"
        case .file: what = "is no record"
        case .unread: what = "cannot be read"
        }
        let needed = kinds.map(\.name).joined(separator: " or ")
        return LinkDefect(
            reason: "links to \(digest.hex) as \(printable(kind)), which \(what) and "
                + "must be a \(needed) record", isUnknown: target == .unread)
    }
}
