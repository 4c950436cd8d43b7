package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords
import CloseoutSignatures

/// What a report says of one accepted risk (docs/checks.md, "Risks in a report").
package struct RiskLine: Equatable, Sendable {
    /// The digest of its record.
    package let record: SHA256Digest
    /// What was accepted, by whom and on which conditions, as the record says.
    package let acceptance: RiskAcceptance.Acceptance
    /// What has become of it at the verification time.
    package let status: AcceptanceState.Status
    /// The operators whose signatures count for the role of the owner, ascending.
    package let proposers: [String]
    /// The operators whose signatures count for the role of the approver, ascending.
    package let approvers: [String]
    /// Who may see its record.
    package let visibility: Visibility

    init(_ state: AcceptanceState) {
        record = state.record.digest
        acceptance = state.acceptance
        status = state.status
        let counted = state.record.signed.signers.counted
        proposers = (counted[.riskOwner] ?? [:]).keys.sorted()
        approvers = (counted[.riskApprover] ?? [:]).keys.sorted()
        visibility = state.record.header.visibility
    }

    /// Who answers for the risk, with who signed for it.
    package var ownerWords: String {
        acceptance.owner + (proposers.isEmpty ? ", not signed" : ", signed by \(listed(proposers))")
    }

    /// Who approved it.
    package var approverWords: String { approvers.isEmpty ? "nobody" : listed(approvers) }

    private func listed(_ names: [String]) -> String { names.joined(separator: ", ") }

    /// The line as a value for canonical JSON.
    package var json: JSON {
        [
            "status": JSON(status.rawValue), "finding": JSON(acceptance.finding),
            "owner": JSON(acceptance.owner), "proposed_by": .array(proposers.map { JSON($0) }),
            "approved_by": .array(approvers.map { JSON($0) }), "reason": JSON(acceptance.reason),
            "compensating_control": JSON(acceptance.compensatingControl),
            "external_reference": JSON(acceptance.externalReference),
            "expires": JSON(acceptance.expires.description),
            "resolve_by": acceptance.resolveBy.map { JSON($0.description) } ?? .null,
            "record": JSON(record.hex), "visibility": JSON(visibility.rawValue),
        ]
    }
}

extension EvidenceState {
    /// Every risk that somebody accepted or proposed to accept, in log order.
    package var riskLines: [RiskLine] { acceptances.map { RiskLine($0) } }
}

extension Report {
    /// The accepted risks of the bundle, in log order.
    package var riskLines: [RiskLine] { evidence?.riskLines ?? [] }
}
