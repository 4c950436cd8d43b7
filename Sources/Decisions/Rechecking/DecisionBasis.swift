import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// What a decision is recomputed by: the policy under which it was made, and the criteria that it
/// names.
struct DecisionBasis {
    /// By whom the log is verified again; nil where there is no policy for it.
    let verifier: Verifier?
    /// The same without what was found out about keys since, where the policy is an earlier one and
    /// that can make a difference.
    let asThen: Verifier?
    /// Whether the policy is not today's.
    let isEarlier: Bool
    /// The criteria, where they are at hand.
    let criteria: Criteria?
    /// Why there is no policy.
    let obstacle: EarlierPolicies.Obstacle?
}

/// The verifiers under the policies of decisions, each with one memory for all of them.
struct DecisionBases {
    /// The verifiers under an earlier policy.
    private struct Earlier {
        let policy: TrustPolicy
        let verifier: Verifier
        let asThen: Verifier?
    }

    private let recheck: Recheck
    private let earlier: [SHA256Digest: Earlier]

    init(_ recheck: Recheck) {
        self.recheck = recheck
        let revoking = recheck.policies.revoking
        var earlier: [SHA256Digest: Earlier] = [:]
        for policy in recheck.policies.policies {
            let known = revoking.map { policy.knowing(revocationsOf: $0) } ?? policy
            earlier[policy.digest] = Earlier(
                policy: policy, verifier: recheck.verifier.under(known),
                asThen: revoking == nil ? nil : recheck.verifier.under(policy))
        }
        self.earlier = earlier
    }

    /// What one decision is recomputed by.
    ///
    /// Criteria that a policy pinned which the auditor trusted then are those of its decisions,
    /// beside
    /// the ones of today.
    func basis(of decision: ReleaseDecision) -> DecisionBasis {
        let today = recheck.criteria
        guard decision.policy != recheck.inspection.report.policy else {
            return DecisionBasis(
                verifier: recheck.verifier, asThen: nil, isEarlier: false, criteria: today,
                obstacle: nil)
        }
        let obstacle = recheck.policies.obstacle(for: decision)
        guard obstacle == nil, let then = earlier[decision.policy] else {
            return DecisionBasis(
                verifier: nil, asThen: nil, isEarlier: true, criteria: today, obstacle: obstacle)
        }
        let isPinned =
            then.policy.criteria == decision.criteria && today?.digest != decision.criteria
        return DecisionBasis(
            verifier: then.verifier, asThen: then.asThen, isEarlier: true,
            criteria: isPinned ? recheck.pinnedThen[decision.criteria] ?? today : today,
            obstacle: nil)
    }
}
