package import CloseoutEncodings
package import CloseoutOpenSSL

/// An anchor of time-stamp authorities (RFC 3161).
///
/// Implements "Time-stamp authorities" of docs/trust-policy.md.
package struct TimeStampKey: VerificationKey {
    /// The certificate that chains must end in.
    package let anchor: Certificate
    /// The policies under which a token may be issued, in dotted decimals; nil takes any.
    package let policies: [String]?
    /// Whether revocation lists must cover a chain.
    package let needsRevocationLists: Bool
    /// The algorithms of tokens that count; nil takes each of the closed list.
    package let algorithms: [SignatureAlgorithm]?

    /// None: an authority's keys sign tokens and nothing else.
    package var publicKeys: [PublicKey] { [] }
    /// The key that vouches for others.
    package var authorityKeys: [PublicKey] { [anchor.publicKey].compactMap(\.self) }
    /// When the anchor's own certificate ends.
    package var end: Instant? { Instant(secondsSince1970: anchor.notAfter) }
    /// The algorithm of the anchor's type of key; each token has that of its own key.
    package var algorithm: SignatureAlgorithm { anchor.likelyAlgorithm }
    /// Time-stamps prove times and nothing else.
    package var roles: Set<Role> { [.timestamp] }
    /// Nothing here: the strength of every key of a chain is looked at with the chain.
    package var weakness: String? { nil }
}
