import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// What happened to a release: the recorded decisions and records as observations, and accepted
/// risks
/// as risks (docs/reports.md, "OSCAL").
struct OSCALStory {
    /// How many decisions, records and risks are told each.
    private static let limit = 1_000

    /// What was decided, and who signed each record.
    let observations: [JSON]
    /// The risks that somebody accepted or proposed to accept.
    let risks: [JSON]

    init(_ report: Report, _ names: OSCALNames) throws(OpenSSLError) {
        var observations: [JSON] = []
        for decision in report.recordedDecisions.prefix(Self.limit) {
            observations.append(
                try Self.observation(
                    "decision", decision.digest, decision.heading + ", " + decision.account,
                    collected: decision.asOf,
                    [
                        ("outcome", decision.outcome.rawValue),
                        ("recomputed", decision.status.rawValue), ("rules", decision.rules),
                    ] + decision.operators.map { ("signed-by", $0) }, names))
        }
        for record in report.recordLines.prefix(Self.limit) {
            observations.append(
                try Self.observation(
                    "record", record.digest, record.words, collected: report.asOf,
                    [("kind", record.kind.rawValue), ("visibility", record.visibility.rawValue)]
                        + record.signers.map { ("signed-by", $0) }, names))
        }
        self.observations = observations
        var risks: [JSON] = []
        for risk in report.riskLines.prefix(Self.limit) { risks.append(try Self.json(risk, names)) }
        self.risks = risks
    }

    private static func observation(
        _ what: String, _ digest: SHA256Digest, _ words: String, collected: Instant,
        _ properties: [(String, String)], _ names: OSCALNames
    ) throws(OpenSSLError) -> JSON {
        [
            "uuid": JSON(try names.observation(of: what, digest)),
            "description": JSON(MarkdownText.prose(words)), "methods": ["EXAMINE"],
            "collected": JSON("\(collected)"),
            "props": .array(
                [OSCALReport.property("record", digest.hex)]
                    + properties.map { OSCALReport.property($0.0, $0.1) }),
        ]
    }

    /// A deviation that was asked for or approved, with its control as what mitigates it.
    private static func json(_ risk: RiskLine, _ names: OSCALNames) throws(OpenSSLError) -> JSON {
        let acceptance = risk.acceptance
        let details = risk.details.map { ($0.name.replacing(" ", with: "-"), $0.value) }
        let status: JSON =
            switch risk.status {
            case .accepted: "deviation-approved"
            case .proposed: "deviation-requested"
            case .expired, .revoked: "open"
            }
        return [
            "uuid": JSON(try names.risk(acceptedBy: risk.record)),
            "title": JSON("Accepted risk: " + MarkdownText.code(acceptance.finding)),
            "description": JSON(MarkdownText.prose(RiskText.line(risk))),
            "statement": JSON(MarkdownText.prose(acceptance.reason)), "status": status,
            "deadline": JSON("\(acceptance.expires)"),
            "mitigating-factors": [
                [
                    "uuid": JSON(try names.control(acceptedBy: risk.record)),
                    "description": JSON(MarkdownText.prose(acceptance.compensatingControl)),
                ]
            ],
            "props": .array(
                [
                    OSCALReport.property("record", risk.record.hex),
                    OSCALReport.property("acceptance", risk.status.rawValue),
                ] + details.map { OSCALReport.property($0.0, $0.1) }),
        ]
    }
}
