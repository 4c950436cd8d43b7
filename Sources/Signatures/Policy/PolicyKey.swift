package import CloseoutEncodings
package import CloseoutOpenSSL

/// One key of a trust policy: whose it is, and when its signatures count.
///
/// Implements "Keys" of docs/trust-policy.md.
package struct PolicyKey: Sendable {
    /// The name by which roles refer to it.
    package let id: String
    /// Who answers for it; thresholds count these.
    package let `operator`: String
    /// The format of the key.
    package let format: KeyFormat
    /// The key itself.
    package internal(set) var material: PolicyKeyValue
    /// The first instant of its window, where it has one.
    package internal(set) var notBefore: Instant?
    /// The last instant of its window, where it has one.
    package internal(set) var notAfter: Instant?
    /// Since when and why it is revoked, if it is.
    package internal(set) var revocation: Revocation?

    /// Whether it is of `keys-sample/` and nobody allowed that: anybody can sign with it.
    package let isSample: Bool
    /// What OpenPGP rings of the policy say of the end of this very key, whichever entry they are in.
    var foreignRevocations: [Revocation] = []

    /// The end of a key before its time.
    package struct Revocation: Equatable, Sendable {
        /// From this instant on signatures do not count.
        package let at: Instant
        /// Why.
        package let reason: Reason
    }

    /// Why a key was revoked; the list is closed.
    package enum Reason: String, CaseIterable, Sendable {
        /// Somebody else may sign with it: only what is proven to be older counts, at any time.
        case compromised
        /// Another key has taken its place.
        case superseded
        /// Its operator no longer signs.
        case ceased

        /// The name that RFC 5280 gives the reason, for people; a policy holds the raw value.
        package var name: String {
            switch self {
            case .compromised: "keyCompromise"
            case .superseded: "superseded"
            case .ceased: "cessationOfOperation"
            }
        }
    }

    /// The fingerprint to show for it: that of its first public key.
    package var fingerprint: SHA256Digest? {
        (material.publicKeys + material.authorityKeys).first?.fingerprint
    }
}

extension PolicyKey {
    /// All revocations: the policy's own, and those that the key file contains.
    package var revocations: [Revocation] {
        [revocation].compactMap(\.self) + material.revocations + foreignRevocations
    }

    /// The same entry, which is revoked for these reasons too.
    func revoked(also revocations: [Revocation]) -> PolicyKey {
        var copy = self
        copy.foreignRevocations += revocations
        return copy
    }

    /// Whether two entries that have one key may have it: they say the same of who it is, and until when.
    func agrees(with other: PolicyKey) -> Bool {
        self.operator == other.operator && revocation == other.revocation
    }

    /// The same entry with a part of its keys.
    package func narrowed(to part: PolicyKeyValue) -> PolicyKey {
        var copy = self
        copy.material = part
        return copy
    }
}

extension PolicyKey: Equatable {
    package static func == (left: PolicyKey, right: PolicyKey) -> Bool {
        left.id == right.id && left.operator == right.operator && left.format == right.format
            && left.material.publicKeys == right.material.publicKeys
            && left.material.authorityKeys == right.material.authorityKeys
            && left.material.algorithm == right.material.algorithm
            && left.notBefore == right.notBefore && left.notAfter == right.notAfter
            && left.revocation == right.revocation && left.isSample == right.isSample
    }
}
