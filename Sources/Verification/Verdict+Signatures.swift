package import CloseoutEncodings
package import CloseoutSignatures

extension Verdict {
    /// The verdict on the signatures of one file over another (docs/command-line.md,
    /// "verify-signature"): VERIFIED by at least one key whose signature counts, where none contradicts it.
    ///
    /// - Parameters:
    ///   - results: What was found of each signature.
    ///   - policy: The policy that they were verified by; nil where nobody is trusted.
    ///   - instant: The verification time.
    package init(
        on results: [SignatureResult], under policy: TrustPolicy?, asOf instant: Instant
    ) {
        let isWrong = results.contains { $0.effect == .fails || $0.timeStampDefect != nil }
        let isSigned = results.contains { $0.effect == .counts }
        let isRefused = results.contains { $0.effect == .refused }
        if isWrong || !isSigned && isRefused {
            self = .failed
        } else {
            let isInForce = policy.map { !$0.hasExpired(at: instant) } ?? false
            self = isSigned && isInForce ? .verified : .incomplete
        }
    }
}
