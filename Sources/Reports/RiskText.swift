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
        "\(status.rawValue)  \(shown(acceptance.finding))  until \(acceptance.expires)"
    }

    /// Who answers for it, and on which conditions, made printable.
    var details: [(name: String, value: String)] {
        [
            ("owner", shown(ownerWords)), ("approved by", shown(approverWords)),
            ("reason", shown(acceptance.reason)),
            ("control", shown(acceptance.compensatingControl)),
            ("reference", shown(acceptance.externalReference)),
        ] + (acceptance.resolveBy.map { [("resolve by", "\($0)")] } ?? [])
    }

    /// The conditions in one clause.
    var words: String {
        details.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    }

    private func shown(_ text: String) -> String { printable(Array(text.utf8)) }
}
