package import CloseoutEncodings
import CloseoutRecords
import CloseoutSignatures

extension CriterionCheck {
    /// What the check demands with its parameters, in one sentence (docs/criteria.md, "Checks").
    package var explanation: String {
        switch self {
        case .artifactsVerified:
            return "the bundle is VERIFIED with all shipped files compared."
        case .bundleComplete:
            return "every file that the log names is there with its digest, and no other is."
        case .sealSigned(let role, let operators):
            return "\(operators) operators signed the seal for \(role.rawValue), and no private "
                + "key is in the bundle."
        case .readinessComplete(let kinds):
            return "readiness records link to \(kinds.map(\.rawValue).joined(separator: ", ")); at "
                + "severity high and above a bare reference does not do."
        case .evidenceContent(let kinds):
            return
                "each file that is linked as \(kinds.map(\.rawValue).joined(separator: ", ")) was "
                + "read and says nothing against the release: no failure or error of a test, no "
                + "result of the level error, a shipped file in each bill of materials; what cannot "
                + "be read is unknown."
        case .closeoutClosed(let ids):
            return "\(ids.joined(separator: ", ")) pass or do not apply."
        case .deliverySettled(let event, let routes):
            return "each delivery of \(event.rawValue) is settled"
                + (routes.isEmpty
                    ? ", of which there is one." : ": \(routes.joined(separator: ", ")).")
        case .alertsSettled(let routes):
            return "where retention has findings, an alert is settled"
                + (routes.isEmpty ? "." : " on \(routes.joined(separator: ", ")).")
        case .retriesPlanned:
            return
                "each delivery that failed has a plan, a dry run and another operator's approval "
                + "of it."
        case .retentionApproved(let demand):
            return demand.explanation
        case .retentionHealthy(let demand):
            return "retention has no finding of severity \(demand.severity.rawValue) or above"
                + (demand.classes.map { ", judged by the classes sha256:\($0.hex)" } ?? "")
                + (demand.observed ? ", and every copy was observed, one at least." : ".")
        }
    }
}

extension CriterionCheck.RetentionDemand {
    fileprivate var explanation: String {
        var parts = ["a request for retention is approved by another operator"]
        if !classes.isEmpty { parts.append("its class is \(classes.joined(separator: " or "))") }
        if let minimum { parts.append("it is for \(minimum) at least") }
        if let mode { parts.append("its mode is \(mode.rawValue) or stricter") }
        return (parts + ["it has not run out"]).joined(separator: ", ") + "."
    }
}

extension Criterion {
    /// The criterion as a value for canonical JSON.
    package var json: JSON {
        [
            "id": JSON(id), "title": JSON(title), "check": JSON(check.name.rawValue),
            "demands": JSON(check.explanation), "severity": JSON(severity.rawValue),
            "waivable": .bool(isWaivable), "maps_to": .array(mapsTo.map { JSON($0) }),
        ]
    }
}
