import CloseoutEncodings
import CloseoutSignatures

/// Looks at whose word on the log a renewed checkpoint takes away (docs/log.md, "Before a log key
/// signs").
struct LogSuccession {
    /// The checkpoint that was there, and the one that takes its place.
    let former: SignedNote
    let renewed: SignedNote
    /// The policy, if there is one.
    let verifier: SignatureVerifier

    /// Warns where another key signs than before.
    ///
    /// - Throws: `WorkflowError` where the policy took the former key for the log and does not take
    ///   this one.
    func check(_ receipt: inout Receipt) throws {
        let origin = try Checkpoint(parsing: former.text).origin
        let keys = former.signatures.filter { $0.name == origin }.map(\.keyID)
        let isSame = renewed.signatures.contains { keys.contains($0.keyID) }
        guard !keys.isEmpty, !isSame else { return }
        let hasPolicy = verifier.policy != nil
        if hasPolicy {
            if try counts(renewed, origin) { return }
            if try counts(former, origin) {
                throw WorkflowError.refused(
                    .usage,
                    "the policy takes the key that signed the present checkpoint for the log, and "
                        + "not this one",
                    hint: "give the log's key: --log-key, or --key of `checkpoint`")
            }
        }
        receipt.warn(
            "another key than before signs the checkpoint: where only the former one is trusted for "
                + "the log, the bundle is INCOMPLETE from now on",
            hint: "closeout checkpoint BUNDLE --key KEY adds the former key's signature to it"
                + (hasPolicy ? "" : "; no policy was given: --trust POLICY says whom it trusts"))
    }

    private func counts(_ note: SignedNote, _ origin: [UInt8]) throws -> Bool {
        try verifier.verify(checkpoint: note, origin: origin).signatures
            .contains { $0.counts(for: .log) }
    }
}
