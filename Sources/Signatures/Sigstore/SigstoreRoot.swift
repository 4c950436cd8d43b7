import CloseoutEncodings
import CloseoutOpenSSL

/// A `trusted_root.json` of Sigstore: the authorities, logs and time-stamp authorities of one instance.
///
/// It has neither a signature nor an end; what makes it trusted is the policy that pins it.
/// Implements "The trusted root" of docs/sigstore.md.
package struct SigstoreRoot: Sendable {
    /// The transparency logs of signatures.
    let logs: [Log]
    /// The logs of certificates.
    let certificateLogs: [Log]
    /// The certificate authorities.
    let authorities: [Authority]
    /// The time-stamp authorities.
    let timestampAuthorities: [Authority]

    /// A log and its key.
    struct Log: Sendable {
        /// The name under which it signs checkpoints: the host of its address, with a port that is there.
        let name: [UInt8]
        /// Its key.
        let key: PublicKey
        /// The one algorithm of the key.
        let algorithm: SignatureAlgorithm
        /// The identifier that entries and certificates name it by, 32 bytes.
        let identifier: [UInt8]
        /// When the key counts.
        let window: SigstoreWindow
        /// The kinds of entries that a log with this identifier can have.
        let generations: Set<Generation>

        /// The two generations of the log, which differ in what they sign.
        enum Generation: Sendable {
            /// A signed time for each entry, and a proof of inclusion.
            case first
            /// A proof of inclusion alone.
            case second
        }

        /// Whether an entry that names a log so means this one; logs of the second generation may be named
        /// by the first four bytes.
        func isNamed(_ name: [UInt8]) -> Bool {
            name == identifier || generations == [.second] && name == Array(identifier.prefix(4))
        }
    }

    /// An authority's certificates and when they count.
    struct Authority: Sendable {
        /// From the one that issues up to the anchor; a time-stamp authority's own comes first.
        let chain: [Certificate]
        /// The anchor, which is the last of the chain.
        let anchor: Certificate
        /// When the authority counts.
        let window: SigstoreWindow
    }

    /// The bytes of the keys inside, by which two roots of one instance are found.
    var keys: [PublicKey] {
        (authorities + timestampAuthorities).compactMap(\.anchor.publicKey)
            + (logs + certificateLogs).map(\.key)
    }
}

/// What a policy demands of bundles under a root; nothing in a bundle changes it.
package struct SigstoreDemands: Equatable, Sendable {
    /// Whether an entry of a log of the root must be proven.
    package let log: Bool
    /// Whether the certificate must have a time-stamp of a certificate log.
    package let certificateTimestamp: Bool
    /// What must prove the time.
    package let time: Time
    /// Whether a signed promise of a log counts where an old bundle has no proof of inclusion.
    package let acceptsPromise: Bool

    /// What proves the time of a signature.
    package enum Time: String, CaseIterable, Sendable {
        /// A log's signed entry timestamp.
        case set
        /// A token of a time-stamp authority.
        case tsa
        /// One of the two.
        case either
    }
}
