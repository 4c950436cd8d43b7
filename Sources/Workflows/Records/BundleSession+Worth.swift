import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures

/// Refuses what can never count under the policy, unless it was asked for all the same
/// (docs/records.md, "Records that cannot count").
extension BundleSession {
    /// Confirms that a new record can count with its signature, or once others have signed it.
    ///
    /// - Throws: `WorkflowError` that says what is missing.
    mutating func demandWorth(
        of record: Record, signedBy envelope: [UInt8]?, _ evidence: BundleEvidence,
        _ terms: RecordTerms
    ) throws {
        guard terms.append.policy != nil, !terms.storesWhatCannotCount else { return }
        let bytes = record.canonicalBytes
        let verifier = try verifier(terms.append)
        let results = try envelope.map {
            try verifier.verify($0, as: .dsse, over: .record(bytes))
        }
        let obstacle = evidence.state.obstacle(
            toNew: record, try SHA256Digest.of(bytes), signed: results ?? [], by: verifier)
        if let obstacle { throw obstacle.refusal(of: record) }
    }

    /// Confirms that a signature which was made elsewhere counts now: one that names a key of the policy and does
    /// not verify would fail the bundle.
    ///
    /// - Throws: `WorkflowError` that says what is wrong with it.
    mutating func demandAccepted(
        _ envelope: [UInt8], over record: Record, _ terms: RecordTerms
    ) throws {
        guard terms.append.policy != nil else { return }
        let results = try verifier(terms.append).verify(
            envelope, as: .dsse, over: .record(record.canonicalBytes))
        let wrong = results.first {
            terms.storesWhatCannotCount ? $0.effect == .fails : $0.effect != .counts
        }
        guard results.isEmpty || wrong != nil else { return }
        throw WorkflowError.refused(
            .failed, "the signature does not count: \(wrong?.outcome.reason ?? "there is none")",
            hint: "nothing was stored; sign it with a key that the policy has, within its time")
    }

    /// Confirms that a further signature can help a record to count.
    ///
    /// - Throws: `WorkflowError` that says what is missing.
    mutating func demandWorth(
        ofSigning record: ResolvedRecord, by envelope: [UInt8], _ evidence: BundleEvidence,
        _ terms: RecordTerms
    ) throws {
        guard terms.append.policy != nil, !terms.storesWhatCannotCount else { return }
        let bytes = record.signed.record.canonicalBytes
        let verifier = try verifier(terms.append)
        let obstacle = evidence.state.obstacle(
            toSigning: record,
            signed: try verifier.verify(envelope, as: .dsse, over: .record(bytes)), by: verifier)
        if let obstacle { throw obstacle.refusal(of: record.signed.record) }
    }
}

extension RecordObstacle {
    fileprivate func refusal(of record: Record) -> WorkflowError {
        .refused(
            .failed, "this \(record.kind.name) record cannot count under the policy: \(reason)",
            hint: "\(remedy); --even-if-it-does-not-count stores it all the same")
    }
}
