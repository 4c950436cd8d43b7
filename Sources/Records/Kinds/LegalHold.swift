package import CloseoutEncodings

/// A matter for which everything is held, or the end of it (docs/records.md, "legal-hold").
package enum LegalHold: RecordBody {
    /// The link kind by which a release names the placement that it ends.
    package static let link = "placement"

    /// Everything is held for a matter.
    case place(Placement)
    /// It is no longer held for it.
    case release(Release)

    /// The beginning of a hold.
    package struct Placement: Equatable, Sendable {
        /// The name of the matter.
        package let matter: String
        /// Who keeps the evidence for it.
        package let custodian: String
        /// Why.
        package let reason: String

        package init(matter: String, custodian: String, reason: String) {
            self.matter = matter
            self.custodian = custodian
            self.reason = reason
        }
    }

    /// The end of a hold.
    package struct Release: Equatable, Sendable {
        /// The name of the matter.
        package let matter: String
        /// Why.
        package let reason: String

        package init(matter: String, reason: String) {
            self.matter = matter
            self.reason = reason
        }
    }

    private enum Action: String, CaseIterable {
        case place, release
    }

    /// The name of the matter.
    package var matter: String {
        switch self {
        case .place(let placement): placement.matter
        case .release(let release): release.matter
        }
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        switch self {
        case .place: [.source]
        case .release: [LinkRule(Self.link, 1...1, to: [.legalHold])]
        }
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        switch self {
        case .place(let placement):
            present([
                ("action", JSON(Action.place.rawValue)), ("matter", JSON(placement.matter)),
                ("custodian", JSON(placement.custodian)), ("reason", JSON(placement.reason)),
            ])
        case .release(let release):
            present([
                ("action", JSON(Action.release.rawValue)), ("matter", JSON(release.matter)),
                ("reason", JSON(release.reason)),
            ])
        }
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let action: Action = try reader.choice("action")
        let matter = try reader.name("matter")
        let reason = try reader.text("reason")
        switch action {
        case .place:
            self = .place(
                Placement(
                    matter: matter, custodian: try reader.text("custodian"), reason: reason))
        case .release: self = .release(Release(matter: matter, reason: reason))
        }
    }
}
