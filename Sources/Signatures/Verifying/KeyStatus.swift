package import CloseoutEncodings

extension PolicyKey {
    /// The result of a signature that verifies with this key, by strength, revocation and window.
    ///
    /// Implements "Time" of docs/trust-policy.md.
    ///
    /// - Parameters:
    ///   - asOf: The verification time, which is the signing time where none is proven.
    ///   - proof: The proofs of the signature's time by other operators.
    /// - Returns: `accepted`, or why it does not count.
    package func status(asOf: Instant, proof: TimeProof?) -> SignatureResult.Outcome {
        if isSample { return .tooWeak("key \(id) is a sample, and anybody can sign with it") }
        if let weakness = material.weakness { return .tooWeak(weakness) }
        let time = SigningTime(asOf: asOf, proof: proof)
        return compromised(time) ?? revoked(time) ?? provenLater(time) ?? tooEarly(time)
            ?? tooLate(time) ?? outsideOwnTime ?? .accepted
    }

    /// A compromised key fails at every verification time, also an earlier one.
    private func compromised(_ time: SigningTime) -> SignatureResult.Outcome? {
        revocations.first { revocation in
            revocation.reason == .compromised
                && !(time.proof.map { $0.latest < revocation.at } ?? false)
        }.map { refusal($0, time) }
    }

    private func revoked(_ time: SigningTime) -> SignatureResult.Outcome? {
        revocations.first { time.instant >= $0.at }.map { refusal($0, time) }
    }

    private func refusal(
        _ revocation: Revocation, _ time: SigningTime
    ) -> SignatureResult.Outcome {
        let revoked = "was revoked (\(revocation.reason.name)) at \(revocation.at)"
        return .revoked("key \(id) \(revoked), and \(time.evidence)")
    }

    private func provenLater(_ time: SigningTime) -> SignatureResult.Outcome? {
        guard let proof = time.proof, proof.earliest > time.asOf else { return nil }
        return .timeUnknown("its proven time, \(proof), is later than the verification time")
    }

    private func tooEarly(_ time: SigningTime) -> SignatureResult.Outcome? {
        guard let notBefore, time.instant < notBefore else { return nil }
        guard let proof = time.proof, proof.latest < notBefore else {
            return .timeUnknown("key \(id) begins to count only at \(notBefore)")
        }
        return .outsideWindow(
            "it was made by \(proof.latest), before key \(id) began to count at \(notBefore)")
    }

    private func tooLate(_ time: SigningTime) -> SignatureResult.Outcome? {
        guard let notAfter, time.instant > notAfter else { return nil }
        return .timeUnknown(
            "it is unknown whether it was signed before \(notAfter): \(time.evidence)")
    }

    /// Proofs of time say nothing here: none shows that a signature is younger than it says.
    private var outsideOwnTime: SignatureResult.Outcome? {
        guard case .openPGPPart(let part) = material else { return nil }
        return (part.earliness ?? part.lateness).map { .timeUnknown($0) }
    }
}

/// The instant at which a signature counts as made.
private struct SigningTime {
    let asOf: Instant
    let proof: TimeProof?

    /// The last one that is possible: a proof that is not later than the verification time dates nothing later.
    var instant: Instant { Swift.min(proof?.latest ?? asOf, asOf) }

    /// What is known of the time, as the end of a sentence.
    var evidence: String {
        guard let proof else { return "nothing proves that it is older" }
        let bound = proof.latest > proof.instant ? ", at the latest \(proof.latest)" : ""
        return "it is proven only for \(proof)\(bound)"
    }
}
