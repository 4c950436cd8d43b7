import CloseoutEncodings
import CloseoutRecords
import CloseoutVerification

/// What differs at the verification time from when a decision was made (docs/criteria.md, "Since
/// then").
struct SinceThen {
    let changes: [RecordedDecision.Change]

    init(_ was: ReleaseDecision, _ now: Decision, _ state: EvidenceState) {
        var changes: [RecordedDecision.Change] = []
        if was.outcome != now.outcome {
            changes.append(
                RecordedDecision.Change(
                    subject: "outcome", was: was.outcome.rawValue, now: now.outcome.rawValue,
                    reason: now.reason))
        }
        let earlierResults = Dictionary(
            was.results.map { (Array($0.id.utf8), $0) }, uniquingKeysWith: { first, _ in first })
        for result in now.results {
            let earlier = earlierResults[Array(result.id.utf8)]
            let before = earlier.map { Self.words($0.status, isAccepted: !$0.acceptedBy.isEmpty) }
            let present = Self.words(result.status, isAccepted: result.isAccepted)
            guard let before, !before.utf8.elementsEqual(present.utf8) else { continue }
            changes.append(
                RecordedDecision.Change(
                    subject: result.id, was: before, now: present, reason: result.reason))
        }
        let holds = state.holds.filter {
            $0.record.signed.sequence >= was.log.size && $0.isHeld
        }
        for hold in holds.prefix(Self.reportedHolds) {
            changes.append(
                RecordedDecision.Change(
                    subject: "hold", was: "none", now: "held",
                    reason: "everything is held for \(hold.placement.matter)"
                        + (hold.record.status.shortfall.map {
                            ", as is only asserted: \($0.reason)"
                        } ?? "")))
        }
        if holds.count > Self.reportedHolds {
            changes.append(
                RecordedDecision.Change(
                    subject: "hold", was: "none", now: "held",
                    reason: "\(holds.count - Self.reportedHolds) more holds are in force"))
        }
        self.changes = changes
    }

    /// How many holds are reported one by one, for each decision.
    private static let reportedHolds = 100

    private static func words(_ status: CriterionStatus, isAccepted: Bool) -> String {
        isAccepted ? "\(status.rawValue), accepted" : status.rawValue
    }
}
