import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutSignatures

/// The checks that a criterion can name; the list is closed (docs/criteria.md, "Checks").
package enum CriterionCheck: Equatable, Sendable {
    /// All shipped files were compared, and the bundle is VERIFIED.
    case artifactsVerified
    /// The log names every file of the bundle, and each is there with its digest.
    case bundleComplete
    /// As many operators signed the seal in a role.
    case sealSigned(role: Role, operators: Int)
    /// There is evidence of each of these kinds.
    case readinessComplete([Readiness.Evidence])
    /// The evidence of these kinds was read, and says nothing against the release.
    case evidenceContent([Readiness.Evidence])
    /// Nothing is open: these criteria pass.
    case closeoutClosed([String])
    /// Everything that was to be delivered to these routes was; any route, where none is named.
    case deliverySettled(DeliveryRecord.Event, routes: [String])
    /// The alerts that the retention's findings call for were delivered.
    case alertsSettled(routes: [String])
    /// Each delivery that failed has a plan, a dry run and a second operator's word on that.
    case retriesPlanned
    /// Retention is approved, long enough and has not run out.
    case retentionApproved(RetentionDemand)
    /// Retention has no finding as grave as this.
    case retentionHealthy(HealthDemand)

    /// What is demanded of approved retention.
    package struct RetentionDemand: Equatable, Sendable {
        /// The classes of which it must be one; any, where none is named.
        package let classes: [String]
        /// The shortest period, from the basis event or the seal's creation.
        package let minimum: Period?
        /// The weakest mode.
        package let mode: RetentionRequest.Mode?
    }

    /// What is demanded of the health of retention.
    package struct HealthDemand: Equatable, Sendable {
        /// The severity from which on a finding matters.
        package let severity: RetentionHealth.Severity
        /// Whether every copy has to be observed, and at least one.
        package let observed: Bool
        /// The digest of the table of retention classes by which it is to be judged; nil for any.
        package let classes: SHA256Digest?
    }

    /// The name in a criteria file.
    package enum Name: String, CaseIterable, Sendable {
        case artifactsVerified = "artifacts.verified"
        case bundleComplete = "bundle.complete"
        case sealSigned = "seal.signed"
        case readinessComplete = "readiness.complete"
        case evidenceContent = "evidence.content"
        case closeoutClosed = "closeout.closed"
        case deliverySettled = "delivery.settled"
        case alertsSettled = "alerts.settled"
        case retriesPlanned = "retries.planned"
        case retentionApproved = "retention.approved"
        case retentionHealthy = "retention.healthy"

        /// Whether a failure can be accepted at all: what blocks a release whatever anybody signs
        /// cannot (docs/criteria.md, "Hard blockers").
        package var isWaivable: Bool {
            switch self {
            case .readinessComplete, .evidenceContent, .deliverySettled, .alertsSettled,
                .retentionHealthy:
                true
            case .artifactsVerified, .bundleComplete, .sealSigned, .closeoutClosed,
                .retriesPlanned, .retentionApproved:
                false
            }
        }
    }

    /// Its name.
    package var name: Name {
        switch self {
        case .artifactsVerified: .artifactsVerified
        case .bundleComplete: .bundleComplete
        case .sealSigned: .sealSigned
        case .readinessComplete: .readinessComplete
        case .evidenceContent: .evidenceContent
        case .closeoutClosed: .closeoutClosed
        case .deliverySettled: .deliverySettled
        case .alertsSettled: .alertsSettled
        case .retriesPlanned: .retriesPlanned
        case .retentionApproved: .retentionApproved
        case .retentionHealthy: .retentionHealthy
        }
    }
}
