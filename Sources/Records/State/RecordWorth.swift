import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutSignatures

/// Why a record can never count under a policy with what is signed of it: not merely that others have
/// yet to sign (docs/records.md, "Records that cannot count").
package struct RecordObstacle: Equatable, Sendable {
    /// What is missing or in the way, in one sentence without a full stop.
    package let reason: String
    /// What would help.
    package let remedy: String
}

extension EvidenceState {
    /// Why a record that is about to be written could never count; nil where it can, where it needs no
    /// signature, and where it takes effect whoever signed it.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - digest: The digest of its bytes.
    ///   - results: What the verifier made of the signature that comes with it; empty without one.
    ///   - verifier: What verifies signatures, under the policy.
    /// - Returns: The first obstacle.
    package func obstacle(
        toNew record: Record, _ digest: SHA256Digest, signed results: [SignatureResult],
        by verifier: SignatureVerifier
    ) -> RecordObstacle? {
        guard !record.signingRules.isEmpty else { return nil }
        let next = (records.map(\.completed).max() ?? 0) + 1
        let signers = verifier.signers(results.isEmpty ? [] : [(next, results)])
        let new = SignedRecord(
            digest: digest, sequence: next + 1, record: record, signers: signers)
        let grown = EvidenceState(
            records.map(\.signed) + [new], attachments: attachments, asOf: asOf)
        guard let resolved = grown.record(digest), grown.objection(of: resolved) == nil else {
            return nil
        }
        if let obstacle = obstacle(to: record, signed: results, signers.thresholds) {
            return obstacle
        }
        for issue in grown.issues where issue.record == digest {
            guard case .notUndone(let reason) = issue.problem else { continue }
            return RecordObstacle(
                reason: reason,
                remedy: "name it: --supersedes "
                    + grown.demandedUndoings(by: resolved).map(\.hex).joined(
                        separator: " --supersedes "))
        }
        return nil
    }

    /// Why another signature over a record of the log could not help it to count.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - results: What the verifier made of the signature.
    ///   - verifier: What verifies signatures, under the policy.
    /// - Returns: The first obstacle.
    package func obstacle(
        toSigning record: ResolvedRecord, signed results: [SignatureResult],
        by verifier: SignatureVerifier
    ) -> RecordObstacle? {
        let record = record.signed.record
        guard !record.signingRules.isEmpty else { return nil }
        return obstacle(to: record, signed: results, verifier.recordThresholds)
    }

    private func obstacle(
        to record: Record, signed results: [SignatureResult], _ thresholds: [Role: Int]
    ) -> RecordObstacle? {
        if case .riskAcceptance(.accept(let acceptance)) = record.body, asOf > acceptance.expires {
            return RecordObstacle(
                reason: "it expired at \(acceptance.expires)", remedy: "give a later --expires")
        }
        let rules = record.signingRules
        for rule in rules where !rule.roles.contains(where: { thresholds[$0] != nil }) {
            return RecordObstacle(
                reason: "the policy has no role \(rule.words)",
                remedy: "closeout trust add POLICY PUB --operator NAME --role "
                    + (rule.roles.first?.rawValue ?? ""))
        }
        for result in results {
            if let obstacle = obstacle(to: result, rules) { return obstacle }
        }
        return results.isEmpty ? nil : exclusion(of: results, from: record)
    }

    /// What keeps a signature from counting for any of the rules.
    private func obstacle(to result: SignatureResult, _ rules: [SigningRule]) -> RecordObstacle? {
        guard result.effect == .counts else {
            return RecordObstacle(
                reason: "the signature does not count: \(result.outcome.reason)",
                remedy: "sign it with a key that the policy has, within its time")
        }
        let needed = rules.flatMap(\.roles)
        guard !needed.contains(where: { result.counts(for: $0) }) else { return nil }
        let name = result.key.map { printable($0.id) } ?? "that signed it"
        let roles = result.roles.map(\.rawValue).joined(separator: ", ")
        return RecordObstacle(
            reason: "the key \(name) has the roles \(roles.isEmpty ? "none" : roles), and it needs "
                + rules.map(\.words).joined(separator: " and "),
            remedy: "sign it with a key of that role, or give it: closeout trust role POLICY "
                + "\(needed.first?.rawValue ?? "ROLE") --add ID")
    }

    /// Whether who signed it is on the other side of it.
    private func exclusion(
        of results: [SignatureResult], from record: Record
    ) -> RecordObstacle? {
        let remedy = "another operator signs it"
        switch resolver.exclusion(record) {
        case .everybody(let shortfall):
            return shortfall.cause == .samePerson
                ? RecordObstacle(reason: shortfall.reason, remedy: remedy) : nil
        case .operators(let others):
            let signing = Set(results.compactMap { $0.key?.operator })
            let both = signing.intersection(others.names).sorted()
            guard !both.isEmpty else { return nil }
            return RecordObstacle(
                reason: "\(both.map { printable($0) }.joined(separator: ", ")) also "
                    + others.words, remedy: remedy)
        }
    }
}
