/// The kinds of evidence record (docs/records.md).
package enum RecordKind: String, CaseIterable, Sendable {
    /// What cannot be recomputed of a signature that was attached.
    case archiveSignature = "closeout/archive-signature/v1"

    /// Who may see records of this kind unless the record says otherwise.
    package var defaultVisibility: Visibility {
        switch self {
        case .archiveSignature: .restricted
        }
    }
}

/// Who may see a record (docs/records.md, "Visibility").
package enum Visibility: String, CaseIterable, Sendable {
    /// Anyone.
    case `public`
    /// Only who is given the whole bundle; such a record carries a salt.
    case restricted
}
