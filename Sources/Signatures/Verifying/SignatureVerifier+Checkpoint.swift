package import CloseoutEncodings
package import CloseoutOpenSSL

/// The result of the signatures of a checkpoint.
///
/// Implements "Signatures of the checkpoint" of docs/log.md.
package struct CheckpointResult: Equatable, Sendable {
    /// One result a signature line, in the note's order.
    package let signatures: [SignatureResult]
    /// Whether enough operators signed for the log; `nil` without a role that signs checkpoints.
    package let log: RoleTally?
    /// Whether enough witnesses cosigned; `nil` where the policy has no witnesses.
    package let witnesses: RoleTally?
    /// What the witnesses prove of everything that the checkpoint commits.
    package let proofs: [TimeProof]
}

extension SignatureVerifier {
    /// Verifies the signatures of a checkpoint.
    ///
    /// The log's own signature is under the log's origin as name, or under the name that a log's
    /// verifier key has; witnesses sign under names of their own. Cosignatures cover the text alone
    /// and date no log signature.
    ///
    /// - Parameters:
    ///   - note: The checkpoint.
    ///   - origin: The origin that the log has to have, which is also the name of its key.
    ///   - proofs: What proves the time of the log's signatures.
    /// - Returns: The result of each line, and of the roles.
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    package func verify(
        checkpoint note: SignedNote, origin: [UInt8], proofs: [TimeProof] = []
    ) throws(OpenSSLError) -> CheckpointResult {
        let signers = try checkpointSigners(origin)
        var signatures: [SignatureResult] = []
        for (index, signature) in note.signatures.enumerated() {
            let line = NoteLine(text: note.text, signature: signature)
            let place = SignaturePlace(format: .note, index: index, hint: line.hint)
            signatures.append(try result(of: line, at: place, among: signers, proofs))
        }
        return CheckpointResult(
            signatures: signatures, log: logRule.map { tally(.log, $0, signatures) },
            witnesses: tally(.witness, signatures),
            proofs: signatures.filter { $0.counts(for: .witness) }.compactMap(\.timeProof))
    }

    /// The rule by which the log's signatures count: one operator where there is no role `log`.
    private var logRule: RoleRule? {
        guard let role = policy?.logRole, let rule = policy?.roles[role] else { return nil }
        guard role != .log else { return rule }
        return RoleRule(keys: rule.keys, threshold: 1, releases: rule.releases)
    }

    /// A key of the policy and the way in which it signs checkpoints.
    private typealias CheckpointSigner = (key: PolicyKey, verifier: NoteVerifier)

    private func checkpointSigners(
        _ origin: [UInt8]
    ) throws(OpenSSLError) -> [CheckpointSigner] {
        var signers: [CheckpointSigner] = []
        for key in policy?.keys ?? [] {
            let publicKey: PublicKey
            switch key.material {
            case .note(let note):
                signers.append((key, note.verifier))
                guard note.verifier.kind != .cosignatureV1, note.verifier.name != origin else {
                    continue
                }
                publicKey = note.verifier.key
            case .spki(let plain) where plain.canSignCheckpoints: publicKey = plain.publicKey
            default: continue
            }
            do {
                signers.append((key, try NoteVerifier(name: origin, key: publicKey)))
            } catch {
                // Any other error says that no log has this origin: then nobody signed it.
                if case .openSSL(let error) = error { throw error }
            }
        }
        return signers
    }

    private func result(
        of line: NoteLine, at place: SignaturePlace, among signers: [CheckpointSigner],
        _ proofs: [TimeProof]
    ) throws(OpenSSLError) -> SignatureResult {
        var verifying: [PolicyKey] = []
        var refusal = Signer.unknown
        for (key, verifier) in signers where line.isNamed(by: verifier) {
            guard case .valid(let time) = try line.check(with: verifier) else {
                let reason = "the signature does not verify over the checkpoint"
                refusal = .refused(key, .invalid(reason))
                continue
            }
            if let time { return cosignature(by: key, at: time, place) }
            verifying.append(united(key))
        }
        let signer = verifying.isEmpty ? refusal : .keys(verifying)
        return result(of: signer, at: place, proofs) { keys in
            keys.contains { logRule?.isServed(by: $0, for: release) ?? false } ? [.log] : []
        }
    }

    /// The result of a witness's signature; it cannot vouch for its own age once it is compromised.
    private func cosignature(
        by key: PolicyKey, at time: Instant, _ place: SignaturePlace
    ) -> SignatureResult {
        let proof = TimeProof(
            instant: time, source: .witness(keyID: key.id), operator: key.operator)
        let isCompromised = key.revocation?.reason == .compromised
        var outcome = key.status(asOf: asOf, proof: isCompromised ? nil : proof)
        if outcome == .accepted, let reason = impossibility(of: proof) {
            outcome = .timeUnknown(reason)
        }
        let roles = policy?.roles(ofKey: key.id, release: release) ?? []
        return SignatureResult(
            place: place, key: key, roles: roles, timeProof: proof, outcome: outcome)
    }
}
