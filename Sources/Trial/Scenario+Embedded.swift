extension Scenario {
    /// The scenarios that are put into the program, by their names: the files of the folder `Scenarios`,
    /// from the one where all is well to those that fail.
    static let embedded: [(name: String, bytes: [UInt8])] = [
        ("ready", PackageResources.ready_json),
        ("accepted-risk", PackageResources.accepted_risk_json),
        ("agent-session", PackageResources.agent_session_json),
        ("blocked-open-closeout", PackageResources.blocked_open_closeout_json),
        ("blocked-retention-denied", PackageResources.blocked_retention_denied_json),
        ("blocked-retention-expired", PackageResources.blocked_retention_expired_json),
        ("blocked-no-retry-plan", PackageResources.blocked_no_retry_plan_json),
        ("blocked-critical-finding", PackageResources.blocked_critical_finding_json),
        ("legal-hold", PackageResources.legal_hold_json),
        ("expired-acceptance", PackageResources.expired_acceptance_json),
        ("self-approved", PackageResources.self_approved_json),
        ("tampered-artifact", PackageResources.tampered_artifact_json),
        ("forged-signature", PackageResources.forged_signature_json),
        ("revoked-key", PackageResources.revoked_key_json),
        ("replayed-approval", PackageResources.replayed_approval_json),
        ("truncated-log", PackageResources.truncated_log_json),
        ("wrong-release", PackageResources.wrong_release_json),
    ]

    /// The names of all scenarios that are put into the program.
    package static var names: [String] { embedded.map(\.name) }
}
