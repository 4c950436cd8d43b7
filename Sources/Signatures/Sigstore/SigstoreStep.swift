/// The steps by which a bundle with a certificate is verified, in their order; all of them always run.
///
/// Implements "The steps" of docs/sigstore.md.
package enum SigstoreStep: String, CaseIterable, Sendable {
    /// The bundle is of its format.
    case form
    /// What it covers is the content in question.
    case content
    /// The signer has one certificate, which is no authority's.
    case leaf
    /// Something that the root knows proves when it was signed.
    case times
    /// An authority of the root certified the signer, at each of those times.
    case chain
    /// The certificate is in a log of certificates.
    case sct
    /// The certificate is for signing code, and names one signer.
    case profile
    /// The signer is an identity of the policy.
    case identity
    /// A log of the root holds the entry.
    case log
    /// The entry is of this very signature.
    case binding
    /// The certificate's key made the signature.
    case signature
    /// All of that was by the verification time.
    case asOf = "as-of"
}

/// What one step found.
package struct SigstoreFinding: Equatable, Sendable {
    /// The step.
    package let step: SigstoreStep
    /// What it found.
    package let status: Status
    /// That in one sentence without a full stop.
    package let reason: String

    /// The things that a step can find.
    package enum Status: Equatable, Sendable {
        /// All is as it must be.
        case pass
        /// Something is wrong.
        case fail
        /// Nothing is known to be wrong, and something that it needs is not there or not known.
        case unknown
        /// It has nothing to look at, and the policy demands nothing.
        case notApplicable
    }

    init(_ step: SigstoreStep, _ status: Status, _ reason: String) {
        self.step = step
        self.status = status
        self.reason = reason
    }

    /// Whether it keeps the signature from counting.
    var isObstacle: Bool { status == .fail || status == .unknown }
}

/// What the steps found while they collect: the gravest counts, and says why.
struct SigstoreTally {
    private(set) var failures: [String] = []
    private(set) var doubts: [String] = []

    mutating func fail(_ reason: String) { failures.append(reason) }
    mutating func doubt(_ reason: String) { doubts.append(reason) }

    /// The finding: a failure where there is one, else what is not known where that matters.
    func finding(
        _ step: SigstoreStep, isMet: Bool, _ good: String, otherwise missing: String
    ) -> SigstoreFinding {
        if !failures.isEmpty {
            return SigstoreFinding(step, .fail, failures.joined(separator: "; "))
        }
        if isMet { return SigstoreFinding(step, .pass, ([good] + doubts).joined(separator: "; ")) }
        let reason = doubts.isEmpty ? missing : doubts.joined(separator: "; ")
        return SigstoreFinding(step, .unknown, reason)
    }
}
