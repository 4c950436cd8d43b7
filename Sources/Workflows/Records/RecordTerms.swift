package import CloseoutDecisions
package import CloseoutRecords

/// What all records that are written have in common.
package struct RecordTerms: Sendable {
    /// What all appends have in common.
    package var append: AppendOptions
    /// What signs the record; it is only asserted without.
    package var signer: EnvelopeSigner?
    /// The criteria by which accepted risks are looked at again; by default those that the policy pins.
    package var criteria: Criteria?
    /// Who may see the record; each kind has a default.
    package var visibility: Visibility?
    /// Whether a record is stored also where it can never count under the policy.
    package var storesWhatCannotCount: Bool

    /// Writes under the options of an append.
    package init(
        _ append: AppendOptions, signer: EnvelopeSigner? = nil, criteria: Criteria? = nil,
        visibility: Visibility? = nil, storesWhatCannotCount: Bool = false
    ) {
        self.storesWhatCannotCount = storesWhatCannotCount
        self.append = append
        self.signer = signer
        self.criteria = criteria
        self.visibility = visibility
    }
}

/// A record that is to be written.
package struct RecordDraft: Sendable {
    /// A file that is stored with a record.
    package struct File: Sendable {
        /// What it is to the record: the kind of the link.
        package let kind: String
        /// Its path.
        package let path: [UInt8]

        package init(kind: String, path: [UInt8]) {
            self.kind = kind
            self.path = path
        }
    }

    /// What it says.
    package let body: Record.Body
    /// What it is about.
    package var links: [RecordLink]
    /// What is stored with it.
    package var files: [File]

    package init(body: Record.Body, links: [RecordLink] = [], files: [File] = []) {
        self.body = body
        self.links = links
        self.files = files
    }
}
