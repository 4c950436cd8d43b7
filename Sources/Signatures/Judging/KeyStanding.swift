package import Encodings

extension PolicyKey {
    /// What a signature that verifies with this key comes to, by strength, revocation and window.
    ///
    /// Implements "Time" of docs/trust-policy.md.
    ///
    /// - Parameters:
    ///   - asOf: The instant of judgement, which is the signing time where none is proven.
    ///   - proof: The earliest proof of the signature's time by another operator.
    /// - Returns: `accepted`, or what stands against it.
    package func standing(asOf: Instant, proof: TimeProof?) -> SignatureJudgement.Outcome {
        if isSample { return .tooWeak("key \(id) is a sample, and anybody can sign with it") }
        if let weakness = material.weakness { return .tooWeak(weakness) }
        return revoked(asOf: asOf, proof: proof)
            ?? undated(asOf: asOf, proof: proof)
            ?? outsideWindow(signedAt: proof?.instant ?? asOf, isProven: proof != nil)
            ?? .accepted
    }

    private func revoked(asOf: Instant, proof: TimeProof?) -> SignatureJudgement.Outcome? {
        guard let revocation else { return nil }
        if let proof, proof.instant < revocation.at { return nil }
        let isLater = (proof?.instant ?? asOf) >= revocation.at
        guard isLater || revocation.reason == .compromised else { return nil }
        let proven = proof.map { "it is proven only for \($0)" } ?? "nothing proves it older"
        let revoked = "revoked as \(revocation.reason.rawValue) at \(revocation.at)"
        return .revoked("key \(id) is \(revoked), and \(proven)")
    }

    private func undated(asOf: Instant, proof: TimeProof?) -> SignatureJudgement.Outcome? {
        guard let proof, proof.instant > asOf else { return nil }
        return .timeUnknown("its proven time, \(proof), is later than the instant of judgement")
    }

    private func outsideWindow(
        signedAt instant: Instant, isProven: Bool
    ) -> SignatureJudgement.Outcome? {
        if let notBefore, instant < notBefore {
            guard isProven else {
                return .timeUnknown("key \(id) begins to count only at \(notBefore)")
            }
            return .outsideWindow(
                "it was made by \(instant), before key \(id) began to count at \(notBefore)")
        }
        guard let notAfter, instant > notAfter else { return nil }
        let known = isProven ? "it is proven only for \(instant)" : "nothing proves its time"
        return .timeUnknown("cannot tell whether it was signed before \(notAfter): \(known)")
    }
}
