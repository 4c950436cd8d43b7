import CloseoutDecisions
import CloseoutEncodings
import CloseoutRecords

extension CavraPackage {
    /// What the package says of a criterion, in a few words (docs/import.md, "Columns").
    func claim(on check: CriterionCheck) -> String {
        switch check {
        case .artifactsVerified: ""
        case .bundleComplete:
            words([artifacts?.state, artifacts.map { count($0.files.count, "file") }])
        case .sealSigned: words([manifest?.state, manifest?.keyReference])
        case .readinessComplete([.documentation]): words([decision?.criteria])
        case .readinessComplete, .evidenceContent:
            words([
                readiness?.state, readiness.map { count($0.references.count, "reference") },
            ])
        case .closeoutClosed:
            words([closeout?.state, closeout?.blockerCount.map { count($0, "blocker") }])
        case .deliverySettled(.closeout, _): words(closeoutDeliveries.map(\.state))
        case .deliverySettled(.decision, _): ""
        case .deliverySettled(.retentionAlert, _), .alertsSettled:
            words(alerts.flatMap(\.items).map { "\($0.provider) \($0.state)" })
        case .retriesPlanned:
            words(
                (plan?.entries ?? []).map(\.action)
                    + [plan?.mode, run?.isDryRun.map { $0 ? "dry run" : "live run" }, run?.state])
        case .retentionApproved:
            words([
                retentionDecision?.state, retention?.until.map { "until \($0.text)" },
                retention?.isHeld == true ? "held" : nil,
            ])
        case .retentionHealthy:
            words([health?.level, health.map { count($0.severities.count, "finding") }])
        }
    }

    private func words(_ parts: [String?]) -> String {
        parts.compactMap(\.self).map { printable($0) }.joined(separator: ", ")
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
