package import CloseoutOpenSSL

/// The names of attachments, as the records of a log give them (docs/records.md, "attachment").
///
/// They serve people who look for a file, and no verdict.
package struct AttachmentNames: Equatable, Sendable {
    /// What is said of each attachment, in log order, each once.
    package private(set) var descriptions: [SHA256Digest: [AttachmentDescription]] = [:]

    /// Begins with none.
    package init() {}

    /// Takes the names out of records; what else they say is passed over.
    package init(_ records: some Sequence<Record>) {
        for record in records {
            guard case .attachment(let description) = record.body else { continue }
            add(description, record.header)
        }
    }

    /// The names of one attachment, in log order; empty where it has none.
    package func names(of attachment: SHA256Digest) -> [String] {
        descriptions[attachment]?.map(\.name) ?? []
    }

    /// Whether a record says of an attachment already what a description says.
    package func have(_ description: AttachmentDescription, of attachment: SHA256Digest) -> Bool {
        descriptions[attachment]?.contains(description) ?? false
    }

    mutating func add(_ description: AttachmentDescription, _ record: ResolvedRecord) {
        add(description, record.header)
    }

    private mutating func add(_ description: AttachmentDescription, _ header: RecordHeader) {
        for attachment in header.links(AttachmentDescription.link)
        where !have(description, of: attachment) {
            descriptions[attachment, default: []].append(description)
        }
    }
}
