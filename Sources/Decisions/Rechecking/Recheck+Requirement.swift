import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// What the policy and the auditor demand of decisions (docs/criteria.md, "Demanding a decision").
extension Recheck {
    /// Says that the last signed decision was made under other criteria than the policy pins.
    var decidedUnderOtherCriteria: [Finding] {
        guard let pinned, let last = state.lastSignedDecision, last.decision.criteria != pinned
        else {
            return []
        }
        return [
            Finding(
                .criteriaPinned, .unknown, "recorded decision",
                "it was made under criteria sha256:\(last.decision.criteria.hex), and the policy "
                    + "pins sha256:\(pinned.hex)",
                hint: "decide anew with `close`, under the pinned criteria")
        ]
    }

    /// Whether there is the decision that is demanded.
    ///
    /// The last one that is signed speaks for the release, unless a later one is against it; what
    /// recomputes it is said by its own checks.
    func requirement(_ recorded: [RecordedDecision]) -> Finding {
        let id = CheckID.decisionRequired
        guard requiresDecision else {
            return Finding(id, .notApplicable, "decisions", "no decision was asked for")
        }
        guard let index = recorded.lastIndex(where: { !$0.operators.isEmpty }) else {
            return Finding(
                id, .unknown, "decisions", "no decision is recorded that the role decider signed",
                hint: "decide with `close`")
        }
        if let later = recorded[(index + 1)...].last(where: { $0.outcome == .blocked }) {
            return Finding(
                id, .fail, later.path,
                "a later decision is blocked, which counts against the release whoever signed "
                    + "it: \(later.reason)", hint: "decide anew with `close`")
        }
        return requirement(of: recorded[index])
    }

    /// Whether the decision that speaks for the release is one that is demanded.
    private func requirement(of last: RecordedDecision) -> Finding {
        let id = CheckID.decisionRequired
        let present = ReleaseDecision.Rules.present.rawValue
        guard last.rules.utf8.elementsEqual(present.utf8) else {
            return Finding(
                id, .unknown, last.path,
                "the last decision was made by rules \(last.rules): expected \(present)",
                hint: "decide anew with `close`")
        }
        switch last.status {
        case .pass where !isUnderTodaysCriteria(last):
            return Finding(
                id, .unknown, last.path,
                "the last decision recomputes under criteria that an earlier policy pinned, and not "
                    + "under those of now",
                hint: "decide anew with `close`")
        case .pass:
            let isReady = last.outcome != .blocked
            return Finding(
                id, isReady ? .pass : .fail, last.path,
                "the last decision is \(last.outcome.rawValue), and recomputes")
        case .fail:
            return Finding(
                id, .fail, last.path, "the last decision does not recompute: \(last.reason)")
        case .unknown, .notApplicable:
            return Finding(
                id, .unknown, last.path, "the last decision was not recomputed: \(last.reason)",
                hint: last.hint
                    ?? "give --criteria FILE, or decide anew with `close`")
        }
    }

    private func isUnderTodaysCriteria(_ recorded: RecordedDecision) -> Bool {
        guard case .decision(let decision)? = state.record(recorded.digest)?.body else {
            return false
        }
        return decision.criteria == criteria?.digest
    }
}

extension EvidenceState {
    /// The last decision that the role `decider` signed.
    fileprivate var lastSignedDecision: (record: ResolvedRecord, decision: ReleaseDecision)? {
        for record in decisions.reversed() {
            guard case .signed = record.status, case .decision(let decision) = record.body else {
                continue
            }
            return (record, decision)
        }
        return nil
    }
}
