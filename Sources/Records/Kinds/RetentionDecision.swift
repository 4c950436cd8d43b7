package import CloseoutEncodings

/// Yes or no, always said and never assumed.
package enum Approval: String, CaseIterable, Sendable {
    case approved, denied
}

/// The word of another on a request for retention (docs/records.md, "retention-decision").
package struct RetentionDecision: RecordBody {
    /// The link kind that names the request.
    package static let link = "request"

    /// Yes or no.
    package let decision: Approval
    /// Why.
    package let reason: String?
    /// A ticket or case elsewhere.
    package let externalReference: String?

    package init(_ decision: Approval, reason: String?, externalReference: String?) {
        self.decision = decision
        self.reason = reason
        self.externalReference = externalReference
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        [
            LinkRule(Self.link, 1...1, to: [.retentionRequest]),
            LinkRule(LinkRule.supersedes, LinkRule.any, to: [.retentionDecision]), .source,
        ]
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        present([
            ("decision", JSON(decision.rawValue)), ("reason", reason.map { JSON($0) }),
            ("external_reference", externalReference.map { JSON($0) }),
        ])
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        decision = try reader.choice("decision")
        reason = try reader.optional("reason")?.text()
        externalReference = try reader.optional("external_reference")?.text()
    }
}
