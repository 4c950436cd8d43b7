package import CloseoutEncodings

/// A risk that is accepted, or the end of it (docs/records.md, "risk-acceptance").
package enum RiskAcceptance: RecordBody {
    /// The link kind that names a file on which the accepted finding rests.
    package static let evidence = "evidence"
    /// The link kind by which a revocation names the acceptance that it ends.
    package static let link = "acceptance"

    /// A finding is accepted on conditions.
    case accept(Acceptance)
    /// It is not, any more.
    case revoke(Revocation)

    /// What is accepted, by whom and on which conditions.
    package struct Acceptance: Equatable, Sendable {
        /// The id of the one finding or criterion.
        package let finding: String
        /// The person who answers for the risk.
        package let owner: String
        /// Why it is accepted.
        package let reason: String
        /// What is done in place of what is missing.
        package let compensatingControl: String
        /// The change or risk record elsewhere.
        package let externalReference: String
        /// The last instant at which the acceptance counts.
        package let expires: Instant
        /// When the finding is to be gone.
        package let resolveBy: Instant?

        package init(
            finding: String, owner: String, reason: String, compensatingControl: String,
            externalReference: String, expires: Instant, resolveBy: Instant? = nil
        ) {
            self.finding = finding
            self.owner = owner
            self.reason = reason
            self.compensatingControl = compensatingControl
            self.externalReference = externalReference
            self.expires = expires
            self.resolveBy = resolveBy
        }
    }

    /// The end of an acceptance before its time.
    package struct Revocation: Equatable, Sendable {
        /// Why.
        package let reason: String

        package init(reason: String) {
            self.reason = reason
        }
    }

    private enum Action: String, CaseIterable {
        case accept, revoke
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        switch self {
        case .accept:
            [
                LinkRule(Self.evidence, LinkRule.some),
                LinkRule(LinkRule.supersedes, LinkRule.any, to: [.riskAcceptance]), .source,
            ]
        case .revoke: [LinkRule(Self.link, 1...1, to: [.riskAcceptance])]
        }
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        switch self {
        case .accept(let acceptance):
            present([
                ("action", JSON(Action.accept.rawValue)), ("finding", JSON(acceptance.finding)),
                ("owner", JSON(acceptance.owner)), ("reason", JSON(acceptance.reason)),
                ("compensating_control", JSON(acceptance.compensatingControl)),
                ("external_reference", JSON(acceptance.externalReference)),
                ("expires", JSON(acceptance.expires)),
                ("resolve_by", acceptance.resolveBy.map { JSON($0) }),
            ])
        case .revoke(let revocation):
            present([
                ("action", JSON(Action.revoke.rawValue)), ("reason", JSON(revocation.reason)),
            ])
        }
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let action: Action = try reader.choice("action")
        let reason = try reader.text("reason")
        switch action {
        case .accept:
            self = .accept(
                Acceptance(
                    finding: try reader.name("finding"), owner: try reader.text("owner"),
                    reason: reason,
                    compensatingControl: try reader.text("compensating_control"),
                    externalReference: try reader.text("external_reference"),
                    expires: try reader.instant("expires"),
                    resolveBy: try reader.optional("resolve_by")?.instant()))
        case .revoke: self = .revoke(Revocation(reason: reason))
        }
    }
}
