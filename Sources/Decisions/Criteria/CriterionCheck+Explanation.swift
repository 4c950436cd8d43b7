package import CloseoutEncodings
import CloseoutRecords
import CloseoutSignatures

extension CriterionCheck.Name {
    /// What it passes for, whatever its parameters are (docs/criteria.md, "Checks").
    package var explanation: String {
        switch self {
        case .artifactsVerified:
            "The bundle is VERIFIED with all shipped files compared."
        case .bundleComplete:
            "Every file that the log names is there with its digest, and no other file is."
        case .sealSigned:
            "Enough people signed the seal in a role, and no private key is in the bundle."
        case .readinessComplete:
            "Readiness records link to a file of each kind of evidence that is required."
        case .evidenceContent:
            "Each file that is linked as evidence of these kinds was read, and says nothing against the release."
        case .closeoutClosed:
            "Each criterion that it names passes or does not apply, and one at least passes."
        case .deliverySettled:
            "The release was delivered on each route that it names."
        case .alertsSettled:
            "Where retention has findings, an alert was sent or suppressed with a reason."
        case .retriesPlanned:
            "Each delivery that is open has a plan, a dry run, and another person's approval of it."
        case .retentionApproved:
            "Retention is approved, long and strict enough, and has not ended."
        case .retentionHealthy:
            "Retention has no finding of the severity that it names or above."
        }
    }
}

extension CriterionCheck {
    /// What the check demands with its parameters, in one sentence (docs/criteria.md, "Checks").
    package var explanation: String {
        switch self {
        case .artifactsVerified:
            return "the bundle is VERIFIED with all shipped files compared."
        case .bundleComplete:
            return "every file that the log names is there with its digest, and no other file is."
        case .sealSigned(let role, let operators):
            return (operators == 1 ? "one person" : "\(operators) people")
                + " signed the seal in the role \"\(role.rawValue)\", and no private key is in the bundle."
        case .readinessComplete(let kinds):
            return "readiness records link to \(kinds.map(\.rawValue).joined(separator: ", ")); at "
                + "severity high and above a bare reference is not enough."
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
                "each delivery that failed has a plan, a dry run, and another person's approval of it."
        case .retentionApproved(let demand):
            return demand.explanation
        case .retentionHealthy(let demand):
            return "retention has no finding of severity \(demand.severity.rawValue) or above"
                + (demand.classes.map { ", by the table of classes sha256:\($0.hex)" } ?? "")
                + (demand.observed ? ", and every copy was observed, at least one." : ".")
        }
    }
}

extension CriterionCheck.RetentionDemand {
    fileprivate var explanation: String {
        var parts = ["another person approved a request for retention"]
        if !classes.isEmpty { parts.append("its class is \(classes.joined(separator: " or "))") }
        if let minimum { parts.append("it is for \(minimum) at least") }
        if let mode { parts.append("its mode is \(mode.rawValue) or stricter") }
        return (parts + ["it has not ended"]).joined(separator: ", ") + "."
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
