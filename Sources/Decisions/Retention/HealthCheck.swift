package import CloseoutRecords

/// The checks of a retention health report; the list is closed (docs/retention.md, "Checks").
package enum HealthCheck: String, CaseIterable, Sendable {
    case missing = "RH-MISSING"
    case approval = "RH-APPROVAL"
    case short = "RH-SHORT"
    case expired = "RH-EXPIRED"
    case expiring = "RH-EXPIRING"
    case shortened = "RH-SHORTENED"
    case eventOpen = "RH-EVENT-OPEN"
    case modeDown = "RH-MODE-DOWN"
    case holdRelease = "RH-HOLD-RELEASE"
    case clockBack = "RH-CLOCK-BACK"
    case clockForward = "RH-CLOCK-FORWARD"
    case observation = "RH-OBS"
    case fixity = "RH-FIXITY"
    case fixityAge = "RH-FIXITY-AGE"
    case unlocked = "RH-UNLOCKED"
    case bypass = "RH-BYPASS"
    case holdMissing = "RH-HOLD-MISSING"
    case version = "RH-VERSION"
    case lifecycle = "RH-LIFECYCLE"
    case encryptionKey = "RH-KEY"
    case replica = "RH-REPLICA"
    case standard = "RH-DEFAULT"
    case budget = "RH-BUDGET"
    case signature = "RH-SIG"
    case renewal = "RH-RENEW"
    case chain = "RH-CHAIN"

    /// How grave a finding of it is.
    package var severity: RetentionHealth.Severity {
        switch self {
        case .shortened, .modeDown, .holdRelease, .clockBack, .clockForward, .fixity,
            .holdMissing, .encryptionKey, .chain:
            .critical
        case .missing, .approval, .short, .expired, .observation, .unlocked, .lifecycle,
            .signature:
            .high
        case .eventOpen, .bypass, .version, .replica, .standard, .renewal: .medium
        case .expiring, .fixityAge, .budget: .low
        }
    }

    /// Whether a finding of it can be accepted.
    package var isWaivable: Bool {
        switch self {
        case .shortened, .modeDown, .holdRelease, .clockBack, .clockForward, .fixity,
            .holdMissing, .encryptionKey, .approval, .expired, .chain:
            false
        case .missing, .short, .observation, .unlocked, .lifecycle, .eventOpen, .bypass,
            .version, .replica, .expiring, .fixityAge, .standard, .budget, .signature, .renewal:
            true
        }
    }
}
