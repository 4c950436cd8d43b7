package import Records

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

    /// How grave a finding of it is.
    package var severity: RetentionHealth.Severity {
        switch self {
        case .shortened, .modeDown, .holdRelease, .clockBack, .clockForward, .fixity,
            .holdMissing, .encryptionKey:
            .critical
        case .missing, .approval, .short, .expired, .observation, .unlocked, .lifecycle: .high
        case .eventOpen, .bypass, .version, .replica: .medium
        case .expiring, .fixityAge: .low
        }
    }

    /// Whether a finding of it can be accepted.
    package var isWaivable: Bool {
        switch self {
        case .shortened, .modeDown, .holdRelease, .clockBack, .clockForward, .fixity,
            .holdMissing, .encryptionKey, .approval, .expired:
            false
        case .missing, .short, .observation, .unlocked, .lifecycle, .eventOpen, .bypass,
            .version, .replica, .expiring, .fixityAge:
            true
        }
    }
}
