import CloseoutEncodings
import CloseoutOpenSSL

/// Why a signer does not count whose certificate names somebody of the policy.
///
/// Implements "Certificates" of docs/trust-policy.md.
package enum CertificateDefect: Equatable, Sendable {
    /// The chain breaks a rule.
    case chain(String)
    /// A certificate of the chain is for something else.
    case purpose(String)
    /// A certificate of the chain was revoked in time.
    case revoked(String)
    /// It is unknown whether one was revoked.
    case revocationUnknown(String)

    /// The defect in one sentence without a full stop.
    package var reason: String {
        switch self {
        case .chain(let reason), .purpose(let reason), .revoked(let reason),
            .revocationUnknown(let reason):
            reason
        }
    }
}

/// The time rules for revocation lists: which of them speak of a signing time, and what they say.
struct RevocationRule {
    /// The verification time.
    let asOf: Instant
    /// The instant by which the signature is proven to have been made, if there is one.
    let provenTime: Instant?
    /// Whether lists must cover the chain.
    let needsLists: Bool
    /// Whether the signer chose the proven time itself, as an authority does that stamps it.
    var isOwnTime = false

    /// The instant at which the signature counts as made, in seconds since 1970.
    private var signingTime: Int64 {
        guard let provenTime else { return asOf.secondsSince1970 }
        // What is proven to be from before or from the verification time counts then, as it would without a proof.
        return (isOwnTime ? provenTime : min(provenTime, asOf)).secondsSince1970
    }

    /// What the lists at hand have against a chain.
    func defect(
        of chain: [Certificate], _ builder: ChainBuilder, _ material: UntrustedCertificates
    ) throws(OpenSSLError) -> CertificateDefect? {
        let lists = material.revocationLists.filter { $0.thisUpdate <= asOf.secondsSince1970 }
        var reader = RevocationReader(
            chain: chain, builder: builder, lists: lists, material: material)
        let entries = try reader.entries()
        if let entry = entries.first(where: counts) {
            let time = Instant(secondsSince1970: entry.at).map { " at \($0)" } ?? ""
            return .revoked("the certificate of \(printable(entry.subject)) was revoked\(time)")
        }
        // Whoever else had the key could choose any time (RFC 3161, 4).
        if isOwnTime, let entry = entries.first(where: { !$0.isOrderly }) {
            return .revocationUnknown(
                "the certificate of \(printable(entry.subject)) was revoked, and nothing says that "
                    + "nobody else had its key")
        }
        // A list that cannot be checked may be the one that revokes.
        let doubts = try reader.doubts()
        if let doubt = doubts.first(where: { isOwnTime && !$0.entry.isOrderly || counts($0.entry) })
        {
            return .revocationUnknown(
                "it is unknown whether the certificate of \(printable(doubt.entry.subject)) is "
                    + "revoked: \(doubt.reason)")
        }
        guard needsLists, let gap = try reader.gap(where: speaks) else { return nil }
        return .revocationUnknown(
            "it is unknown whether the certificate of \(printable(gap.subject)) is revoked: no list "
                + "covers it: \(gap.reason)")
    }

    /// Whether a list shows if a certificate was revoked at the signing time.
    ///
    /// One that is made after a proven time says it for good. Else it must be current at the verification time: what would
    /// count without a proof counts with one.
    private func speaks(_ list: RevocationList) -> Bool {
        if provenTime != nil, list.thisUpdate >= signingTime { return true }
        guard provenTime == nil || !isOwnTime else { return false }
        return list.nextUpdate.map { $0 >= asOf.secondsSince1970 } ?? false
    }

    private func counts(_ entry: Revocation) -> Bool {
        if entry.at <= signingTime { return true }
        guard entry.isKeyCompromise, let since = entry.invalidSince else { return false }
        return since <= signingTime
    }
}
