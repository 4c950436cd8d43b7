import Encodings
import Records
import Verification

/// What stands otherwise at T than when a decision was made (docs/criteria.md, "Since then").
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
        for result in now.results {
            let earlier = was.results.first { $0.id.utf8.elementsEqual(result.id.utf8) }
            let before = earlier.map { Self.words($0.status, isAccepted: !$0.acceptedBy.isEmpty) }
            let present = Self.words(result.status, isAccepted: result.isAccepted)
            guard let before, !before.utf8.elementsEqual(present.utf8) else { continue }
            changes.append(
                RecordedDecision.Change(
                    subject: result.id, was: before, now: present, reason: result.reason))
        }
        for hold in state.holds where hold.record.signed.sequence >= was.log.size && hold.isHeld {
            changes.append(
                RecordedDecision.Change(
                    subject: "hold", was: "none", now: "held",
                    reason: "everything is held for \(hold.placement.matter)"
                        + (hold.record.standing.shortfall.map {
                            ", as is only asserted: \($0.reason)"
                        } ?? "")))
        }
        self.changes = changes
    }

    private static func words(_ status: CriterionStatus, isAccepted: Bool) -> String {
        isAccepted ? "\(status.rawValue), accepted" : status.rawValue
    }
}
