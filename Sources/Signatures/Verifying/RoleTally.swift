/// Whether the signatures at hand fill one role: a count of distinct operators.
///
/// Implements "Thresholds" of docs/trust-policy.md.
package struct RoleTally: Equatable, Sendable {
    /// The role.
    package let role: Role
    /// How many distinct operators have to sign.
    package let threshold: Int
    /// The operators whose signatures count, each once, in ascending order.
    package let operators: [String]
    /// Whether the rule is for another release than the one at hand.
    package let isForOtherReleases: Bool
    /// The operators that would count had their signatures not been refused, in ascending order.
    package let refusedOperators: [String]

    /// Whether enough operators signed.
    package var isMet: Bool { operators.count >= threshold }

    /// Whether the threshold is missed because signatures were refused: that is a failure.
    package var isMissedByRefusal: Bool {
        !isMet && Set(operators).union(refusedOperators).count > operators.count
    }
}

extension SignatureVerifier {
    /// Counts the distinct operators that signed for a role.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - results: All results of this verifier for signatures of the content.
    /// - Returns: The count; `nil` where the policy does not define the role.
    package func tally(_ role: Role, _ results: [SignatureResult]) -> RoleTally? {
        policy?.roles[role].map { tally(role, $0, results) }
    }

    func tally(
        _ role: Role, _ rule: RoleRule, _ results: [SignatureResult]
    ) -> RoleTally {
        var (counting, refused): (Set<String>, Set<String>) = ([], [])
        for result in results where result.roles.contains(role) {
            guard let name = result.key?.operator else { continue }
            switch result.effect {
            case .counts: counting.insert(name)
            case .refused: refused.insert(name)
            case .ignored, .fails: continue
            }
        }
        return RoleTally(
            role: role, threshold: rule.threshold, operators: counting.sorted(),
            isForOtherReleases: release.map { !rule.covers(release: $0) } ?? false,
            refusedOperators: refused.sorted())
    }
}
