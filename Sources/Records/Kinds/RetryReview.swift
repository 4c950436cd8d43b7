package import Encodings

/// A second operator's word on a dry run (docs/records.md, "retry-review").
package struct RetryReview: RecordBody {
    /// The link kind that names the run.
    package static let link = "run"

    /// Yes or no.
    package let decision: Approval
    /// Why.
    package let reason: String?

    /// States a review.
    package init(_ decision: Approval, reason: String?) {
        self.decision = decision
        self.reason = reason
    }

    package var linkRules: [LinkRule] {
        [
            LinkRule(Self.link, 1...1, to: [.retryRun]),
            LinkRule(LinkRule.supersedes, LinkRule.any, to: [.retryReview]),
        ]
    }

    package var members: [JSONMember] {
        present([("decision", JSON(decision.rawValue)), ("reason", reason.map { JSON($0) })])
    }

    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        decision = try reader.choice("decision")
        reason = try reader.optional("reason")?.text()
    }
}
