package import CloseoutEncodings
package import CloseoutOpenSSL

/// What is known of a policy's key, in whatever format the policy has it.
///
/// Each key format has one type that conforms; ``PolicyKeyValue`` lists them all.
package protocol VerificationKey: Sendable {
    /// The public keys inside, by which two entries with one key are found.
    var publicKeys: [PublicKey] { get }

    /// The public keys that sign nothing here and vouch for those that do.
    var authorityKeys: [PublicKey] { get }

    /// The algorithm of its signatures.
    var algorithm: SignatureAlgorithm { get }

    /// The roles that such a key can serve.
    var roles: Set<Role> { get }

    /// Why its signatures count for nothing; `nil` for a strong key.
    var weakness: String? { get }

    /// What the key says of its own end; each counts as if the policy said it.
    var revocations: [PolicyKey.Revocation] { get }

    /// When the key itself ends, whatever the policy says of it.
    var end: Instant? { get }

    /// Whether the policy says that this end is not looked at.
    var ignoresEnd: Bool { get }

    /// What the format's own programs call the keys, for people to compare.
    var names: [String] { get }
}

extension VerificationKey {
    /// None: most formats hold the signer's own key.
    package var authorityKeys: [PublicKey] { [] }

    /// None: most formats cannot say it.
    package var revocations: [PolicyKey.Revocation] { [] }

    /// Never: most keys know no end of their own.
    package var end: Instant? { nil }

    /// No: only of OpenPGP keys a policy can say it.
    package var ignoresEnd: Bool { false }

    /// None: most formats have no names but the fingerprint.
    package var names: [String] { [] }
}
