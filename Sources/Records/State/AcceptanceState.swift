import CloseoutEncodings
package import CloseoutOpenSSL

/// One acceptance of a risk (docs/records.md, "State").
package struct AcceptanceState: Equatable, Sendable {
    /// Its state.
    package enum Status: String, CaseIterable, Sendable {
        /// Owner and approver signed it, and it has not ended.
        case accepted
        /// One of the two has still to sign it, or both.
        case proposed
        /// It has ended.
        case expired
        /// It was revoked, or an earlier one was and it does not name that.
        case revoked
    }

    /// What is accepted.
    package let acceptance: RiskAcceptance.Acceptance
    /// Its record.
    package let record: ResolvedRecord
    /// Whether a revocation of it is in force.
    package private(set) var isRevoked = false
    /// Its state at the verification time.
    package private(set) var status = Status.proposed

    /// The digests of the files on which the finding must rest for the acceptance to count,
    /// ascending.
    package var evidence: [SHA256Digest] { record.header.links(RiskAcceptance.evidence) }

    init(_ acceptance: RiskAcceptance.Acceptance, _ record: ResolvedRecord) {
        self.acceptance = acceptance
        self.record = record
    }

    mutating func revoke() {
        isRevoked = true
    }

    mutating func verify(asOf: Instant) {
        if isRevoked {
            status = .revoked
        } else if asOf > acceptance.expires {
            status = .expired
        } else {
            status = record.status.counts ? .accepted : .proposed
        }
    }
}
