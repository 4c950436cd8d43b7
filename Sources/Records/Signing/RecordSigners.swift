package import Signatures

/// Who signed a record, as one policy has it (docs/records.md, "Signatures").
package struct RecordSigners: Equatable, Sendable {
    /// The operators whose signatures count, by role, ascending.
    package let counted: [Role: [String]]
    /// How many operators the policy demands of each role that it defines.
    package let thresholds: [Role: Int]
    /// The operators of all keys that made a signature over the record, also where it does not
    /// count, say because the key has expired.
    package let known: Set<String>
    /// How many signatures there are, by whomever.
    package let count: Int

    /// Nobody signed it.
    package static let nobody = RecordSigners(counted: [:], thresholds: [:], known: [], count: 0)

    /// States who signed a record; operators ascend.
    package init(
        counted: [Role: [String]], thresholds: [Role: Int], known: Set<String>, count: Int
    ) {
        self.counted = counted
        self.thresholds = thresholds
        self.known = known
        self.count = count
    }
}

extension Judge {
    /// Takes together what was judged of all signatures over one record.
    package func signers(_ judgements: [SignatureJudgement]) -> RecordSigners {
        var counted: [Role: [String]] = [:]
        var thresholds: [Role: Int] = [:]
        for role in Role.signingRecords {
            guard let tally = tally(role, judgements) else { continue }
            counted[role] = tally.operators
            thresholds[role] = tally.threshold
        }
        let known = judgements.filter { $0.effect != .fails && $0.outcome != .unknownKey }
        return RecordSigners(
            counted: counted, thresholds: thresholds,
            known: Set(known.compactMap { $0.key?.operator }), count: judgements.count)
    }
}

extension Role {
    /// The roles that sign records.
    package static let signingRecords: [Role] = [
        .requester, .retention, .hold, .riskOwner, .riskApprover, .delivery, .decider,
    ]
}
