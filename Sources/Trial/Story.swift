import CloseoutEncodings
import CloseoutRecords

/// What happens in a scenario: one choice for each thing that can go one way or another
/// (docs/trial.md, "Story").
struct Story: Equatable, Sendable {
    /// What shows that the release is ready.
    enum Readiness: String, CaseIterable {
        case complete, unapproved
    }

    /// Who wrote the change that is released.
    enum Session: String, CaseIterable {
        case none, agent
    }

    /// Who made the signature for the archive.
    enum Archive: String, CaseIterable {
        case signed, forged
    }

    /// What becomes of the request for retention.
    enum Retention: String, CaseIterable {
        case approved, denied
        case selfApproved = "self-approved"
    }

    /// Whether a legal matter holds the evidence.
    enum Hold: String, CaseIterable {
        case none, placed
    }

    /// What the store reports of its copy.
    enum Copy: String, CaseIterable {
        case sound, unread, changed
    }

    /// Whether somebody's risk was accepted.
    enum Acceptance: String, CaseIterable {
        case none, accepted
    }

    /// What is done about the delivery that failed.
    enum Delivery: String, CaseIterable {
        case retried, planned, unplanned
    }

    /// What happens after the release was closed.
    enum Later: String, CaseIterable {
        case nothing
        case artifactChanged = "artifact-changed"
        case keyRevoked = "key-revoked"
        case approvalReplayed = "approval-replayed"
        case logTruncated = "log-truncated"
    }

    /// When, and as what, the bundle is verified.
    enum Verification: String, CaseIterable {
        case now
        case afterAcceptance = "after-acceptance"
        case afterRetention = "after-retention"
        case asOtherRelease = "as-other-release"
    }

    let readiness: Readiness
    let session: Session
    let archive: Archive
    let retention: Retention
    let hold: Hold
    let copy: Copy
    /// Of what the store reports.
    let finding: Acceptance
    let delivery: Delivery
    /// Of the delivery that failed.
    let failure: Acceptance
    let later: Later
    let checked: Verification

    /// Reads the choices; what is left out is the first of its list.
    ///
    /// - Throws: `JSONShapeError` that names the place of a word that is no choice.
    init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        readiness = try reader.optional("readiness")?.choice() ?? .complete
        session = try reader.optional("session")?.choice() ?? .none
        archive = try reader.optional("archive")?.choice() ?? .signed
        retention = try reader.optional("retention")?.choice() ?? .approved
        hold = try reader.optional("hold")?.choice() ?? .none
        copy = try reader.optional("copy")?.choice() ?? .sound
        finding = try reader.optional("finding")?.choice() ?? .none
        delivery = try reader.optional("delivery")?.choice() ?? .retried
        failure = try reader.optional("failure")?.choice() ?? .none
        later = try reader.optional("later")?.choice() ?? .nothing
        checked = try reader.optional("judged")?.choice() ?? .now
        try reader.finish()
    }

    /// Whether somebody may approve retention, and did.
    var isRetained: Bool { retention == .approved }

    /// Whether the health of retention is critical.
    var isCritical: Bool { !isRetained || copy == .changed }
}
