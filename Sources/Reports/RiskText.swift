import CloseoutEncodings
import CloseoutRecords
package import CloseoutVerification

/// Renders an accepted risk for a person (docs/command-line.md, "risk").
package enum RiskText {
    /// The risk on one line.
    package static func line(_ risk: RiskLine) -> String {
        ([risk.heading] + risk.details.map { "\($0.name) \($0.value)" }).joined(separator: "  ")
    }
}

extension RiskLine {
    /// Its status, and what is accepted until when.
    var heading: String {
        "\(status.rawValue)  \(printable(acceptance.finding))  until \(acceptance.expires)"
    }

    /// Who answers for it, and on which conditions, made printable.
    var details: [(name: String, value: String)] {
        [
            ("owner", printable(ownerWords)), ("approved by", printable(approverWords)),
            ("reason", printable(acceptance.reason)),
            ("control", printable(acceptance.compensatingControl)),
            ("reference", printable(acceptance.externalReference)),
        ] + (acceptance.resolveBy.map { [("resolve by", "\($0)")] } ?? [])
    }

    /// The conditions in one clause.
    var words: String {
        details.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    }
}
