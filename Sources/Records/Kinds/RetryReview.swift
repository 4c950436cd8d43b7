package import CloseoutEncodings

/// A second operator's word on a dry run (docs/records.md, "retry-review").
package struct RetryReview: RecordBody {
    /// The link kind that names the run.
    package static let link = "run"

    /// Yes or no.
    package let decision: Approval
    /// Why.
    package let reason: String?

    package init(_ decision: Approval, reason: String?) {
        self.decision = decision
        self.reason = reason
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        [
            LinkRule(Self.link, 1...1, to: [.retryRun]),
            LinkRule(LinkRule.supersedes, LinkRule.any, to: [.retryReview]), .source,
        ]
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        present([("decision", JSON(decision.rawValue)), ("reason", reason.map { JSON($0) })])
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        decision = try reader.choice("decision")
        reason = try reader.optional("reason")?.text()
    }
}
