extension ImportFinding.ID {
    /// What a finding says (docs/import.md, "Findings").
    package var explanation: String { Self.explanations[self] ?? rawValue }

    /// What each finding says.
    ///
    /// A test holds that none is missing, and that docs/import.md has the
    /// same words.
    package static let explanations: [Self: String] = [
        .signatureAbsent: "there is no signature value",
        .signatureUnverifiable: "there is one, but not the bytes that were signed",
        .keyAbsent: "there is no public key",
        .keyStored: "the package says that the private key is stored",
        .fileAbsent:
            "a listed file is not there, or its name is not that of a file beside the package",
        .fileUnreadable: "a listed file could not be read",
        .fileDigest: "a listed file has another SHA-256",
        .filesNone: "no file is listed",
        .evidenceMissing: "there is no reference of a kind that a final closeout needs",
        .evidenceUnclear: "a reference does not say what it shows",
        .reviewerAbsent: "no reviewer of a run is named",
        .runLive: "the package says that a run sent something",
        .planIncomplete: "an entry of a plan lacks owner, date or delivery",
        .planOverdue: "an entry of a plan was to be resolved before the verification time",
        .retentionUndecided: "retention is neither approved nor denied",
        .retentionEnd: "no end of retention is given",
        .retentionExpired: "retention has ended",
        .approverSame: "the person who asked for retention also decided on it",
        .acceptanceAbsent: "a risk is said to be accepted, and no acceptance is given",
        .acceptanceIncomplete:
            "an acceptance lacks owner, external reference, affected release, reason, "
            + "expiry, compensating control or evidence",
        .acceptanceExpired: "an acceptance expired",
        .timeRead: "a time is incomplete or ambiguous; the finding says how it was read",
        .timeFuture: "the package is later than the verification time",
        .nameMismatch: "two sections give one thing different names",
        .claimContradiction: "two claims contradict each other",
        .sectionAbsent: "a section that CAVRA's sample has is not there",
        .fieldUnread: "a field is not known",
    ]
}
