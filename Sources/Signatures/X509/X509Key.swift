package import CloseoutEncodings
package import CloseoutOpenSSL

/// An anchor of X.509 certificates, and the signers under it that an entry accepts.
///
/// Implements "Certificates" of docs/trust-policy.md.
package struct X509Key: VerificationKey {
    /// The certificate that chains must end in.
    package let anchor: Certificate
    /// The signers that the entry accepts.
    package let holder: Holder
    /// What a signer's certificate must be for, one of these, in dotted decimals.
    package let purposes: [String]
    /// Whether revocation lists must cover a chain.
    package let needsRevocationLists: Bool
    /// The algorithms that count of those whom it certifies; nil takes each of the closed list.
    package let algorithms: [SignatureAlgorithm]?

    /// How a policy names the holder of a certificate.
    package enum Holder: Equatable, Sendable {
        /// By any of these subjects (RFC 4514) or alternative names.
        case subjects([[UInt8]])
        /// By the SHA-256 of the key.
        case key(SHA256Digest)
    }

    /// None: whoever signs has a key of their own, of which an entry knows the name.
    package var publicKeys: [PublicKey] { [] }
    /// The key that vouches for others.
    package var authorityKeys: [PublicKey] { [anchor.publicKey].compactMap(\.self) }
    /// When the anchor's own certificate ends.
    package var end: Instant? { Instant(secondsSince1970: anchor.notAfter) }
    /// The algorithm of the anchor's type of key; each signature has that of its own key.
    package var algorithm: SignatureAlgorithm { anchor.likelyAlgorithm }
    /// Seals alone carry certificates; checkpoints and records take plain keys.
    package var roles: Set<Role> { [.release, .archive] }
    /// Nothing here: the strength of every key of a chain is looked at with the chain.
    package var weakness: String? { nil }

    /// Whether the entry accepts the anchor's own key: then the anchor certifies nobody.
    ///
    /// - Throws: Only when a digest could not be computed.
    package var isForItself: Bool {
        get throws(OpenSSLError) {
            guard case .key(let digest) = holder else { return false }
            return try SHA256Digest.of(anchor.spki) == digest
        }
    }

    /// Whether a certificate is of a signer that the entry accepts, by what it says itself.
    ///
    /// - Throws: Only when a digest could not be computed.
    package func accepts(_ certificate: Certificate) throws(OpenSSLError) -> Bool {
        switch holder {
        case .subjects(let names):
            return names.contains(certificate.subject)
                || certificate.alternativeNames.contains(where: names.contains)
        case .key(let digest):
            return try SHA256Digest.of(certificate.spki) == digest
        }
    }
}

extension Certificate {
    /// The algorithm of the certificate's type of key; for RSA the one that most authorities use.
    var likelyAlgorithm: SignatureAlgorithm {
        publicKey.flatMap { .implied(by: $0.type) } ?? .rsaPKCS1SHA256
    }
}

/// The key of one signer whose certificate leads to an anchor of the policy.
package struct CertifiedKey: VerificationKey {
    let publicKey: PublicKey
    /// The algorithm of its signatures.
    package let algorithm: SignatureAlgorithm
    /// The roles that it can serve.
    package let roles: Set<Role>

    /// The one key inside.
    package var publicKeys: [PublicKey] { [publicKey] }
    /// Why its signatures count for nothing; nil for a strong key.
    package var weakness: String? { nil }
}
