package import CloseoutEncodings

/// Something that a package leaves open, contradicts, or that cannot be believed
/// (docs/import.md, "Findings").
package struct ImportFinding: Equatable, Sendable {
    /// What is found; the list is closed.
    package enum ID: String, CaseIterable, Sendable {
        case signatureAbsent = "signature.absent"
        case signatureUnverifiable = "signature.unverifiable"
        case keyAbsent = "key.absent"
        case keyStored = "key.stored"
        case fileAbsent = "file.absent"
        case fileUnreadable = "file.unreadable"
        case fileDigest = "file.digest"
        case filesNone = "files.none"
        case evidenceMissing = "evidence.missing"
        case evidenceUnclear = "evidence.unclear"
        case reviewerAbsent = "reviewer.absent"
        case runLive = "run.live"
        case planIncomplete = "plan.incomplete"
        case planOverdue = "plan.overdue"
        case retentionUndecided = "retention.undecided"
        case retentionEnd = "retention.end"
        case retentionExpired = "retention.expired"
        case approverSame = "approver.same"
        case acceptanceAbsent = "acceptance.absent"
        case acceptanceIncomplete = "acceptance.incomplete"
        case acceptanceExpired = "acceptance.expired"
        case timeRead = "time.read"
        case timeFuture = "time.future"
        case nameMismatch = "name.mismatch"
        case claimContradiction = "claim.contradiction"
        case sectionAbsent = "section.absent"
        case fieldUnread = "field.unread"
    }

    /// What is found.
    package let id: ID
    /// Where, as a path in the package; made printable.
    package let place: String
    /// What it is, in one sentence without a full stop; made printable.
    package let reason: String

    init(_ id: ID, _ place: String, _ reason: String) {
        self.id = id
        self.place = place
        self.reason = reason
    }

    /// The finding as a value for canonical JSON.
    package var json: JSON {
        ["id": JSON(id.rawValue), "place": JSON(place), "reason": JSON(reason)]
    }
}
