import CloseoutRecords

/// What a record looks like that somebody adds, to begin with.
struct ChangeExample: Sendable {
    let kind: RecordKind
    let title: String
    let json: String

    /// One for each thing that people do most.
    static let all = [
        ChangeExample(
            kind: .legalHold, title: "Place a hold",
            json: """
                {"kind": "legal-hold", "action": "place", "matter": "MATTER",
                 "custodian": "WHO KEEPS THE EVIDENCE", "reason": "WHY"}
                """),
        ChangeExample(
            kind: .riskAcceptance, title: "Propose to accept a risk",
            json: """
                {"kind": "risk-acceptance", "action": "accept", "finding": "FINDING", "owner": "WHO ANSWERS FOR IT",
                 "reason": "WHY", "compensating_control": "WHAT IS DONE INSTEAD", "external_reference": "RISK-1",
                 "expires": "2027-01-31T00:00:00Z", "links": [{"kind": "evidence", "sha256": "DIGEST"}]}
                """),
        ChangeExample(
            kind: .retentionRequest, title: "Ask for retention",
            json: """
                {"kind": "retention-request", "class": "CLASS", "until": "2034-01-31T00:00:00Z", "reason": "WHY"}
                """),
        ChangeExample(
            kind: .readiness, title: "Record readiness",
            json: """
                {"kind": "readiness", "references": [{"kind": "change", "reference": "CHG-1"}]}
                """),
    ]
}
