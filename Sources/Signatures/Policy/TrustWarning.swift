/// Something about a policy that is allowed and likely not meant.
///
/// Implements "Lint" of docs/trust-policy.md.
package struct TrustWarning: Equatable, Sendable {
    /// What it is about, as a stable name.
    package let kind: Kind
    /// Where in the policy: a path such as `keys[2]` or `roles.archive`.
    package let place: String
    /// The warning in one sentence without a full stop.
    package let message: String

    /// The kinds of warning, under their stable names.
    package enum Kind: String, CaseIterable, Sendable {
        /// The policy has ended.
        case policyExpired = "policy-expired"
        /// The policy ends within 30 days.
        case policyExpiring = "policy-expiring"
        /// A key's window has ended, and it is not revoked.
        case keyExpired = "key-expired"
        /// A key's window ends within 30 days.
        case keyExpiring = "key-expiring"
        /// A key is too weak to count.
        case keyWeak = "key-weak"
        /// An RSA key has a smaller exponent than 65,537.
        case keyExponent = "key-exponent"
        /// Keys count that their owners have bound by signatures with SHA-1 alone.
        case keySHA1Binding = "key-sha1-binding"
        /// The end that a key states of itself is not looked at.
        case keyExpiryIgnored = "key-expiry-ignored"
        /// Anybody can sign with the key.
        case keySample = "key-sample"
        /// The key is in an entry before this one too.
        case keyTwice = "key-twice"
        /// Any repository that may call the workflow of an identity can sign as it.
        case sigstoreAnyCaller = "sigstore-any-caller"
        /// No role names the key.
        case keyUnused = "key-unused"
        /// A role has fewer operators with a living key than its threshold.
        case roleUnsatisfiable = "role-unsatisfiable"
        /// Most keys of a role are of one operator, without whom the threshold is out of reach.
        case operatorDominates = "operator-dominates"
        /// Two roles that must differ in their operators have the same one alone.
        case rolesShareOperator = "roles-share-operator"
        /// The operator of a witness or time-stamp also signs, and cannot date its own signatures.
        case proofOfOwnTime = "proof-of-own-time"
        /// No key of the role that signs the checkpoint can do so.
        case cannotSignCheckpoint = "cannot-sign-checkpoint"
        /// The policy defines neither `release` nor `archive`.
        case noSealRole = "no-seal-role"
        /// The policy demands a decision and gives nobody the role `decider`.
        case noDecider = "no-decider"
    }
}

extension TrustWarning: CustomStringConvertible {
    package var description: String { "\(place): \(message)" }
}
