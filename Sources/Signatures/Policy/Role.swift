/// What a policy can trust a key for; the list is closed.
///
/// Implements "Roles" of docs/trust-policy.md.
package enum Role: String, CaseIterable, Sendable {
    /// Signs the seal of a release.
    case release
    /// Signs the seal for the archive.
    case archive
    /// Signs the checkpoint of the log.
    case log
    /// Cosigns checkpoints with the time.
    case witness
    /// Issues time-stamps.
    case timestamp
    /// Asks for retention.
    case requester
    /// Decides on retention.
    case retention
    /// Places and releases legal holds.
    case hold
    /// Owns a risk that is accepted.
    case riskOwner = "risk-owner"
    /// Approves the acceptance of a risk.
    case riskApprover = "risk-approver"
    /// Reviews retries of deliveries.
    case delivery
    /// Decides on the release.
    case decider
}

/// Whom a policy trusts in one role.
package struct RoleRule: Equatable, Sendable {
    /// The ids of the keys that serve the role, in the policy's order.
    package let keys: [String]
    /// How many distinct operators have to sign.
    package let threshold: Int
    /// The names of the releases that the rule is for; `nil` is for all.
    package let releases: [String]?

    /// Whether the rule is for a release of this name.
    package func covers(release: String) -> Bool {
        releases?.contains(release) ?? true
    }

    /// Whether a key serves the role for a release; without a name, for any.
    func isServed(by key: PolicyKey, for release: String?) -> Bool {
        keys.contains(key.id) && (release.map(covers) ?? true)
    }
}
