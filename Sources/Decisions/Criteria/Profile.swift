/// Criteria that are compiled in (docs/criteria.md, "Profiles").
package enum Profile: String, CaseIterable, Sendable {
    /// The ten criteria of a final closeout, and one that demands VERIFIED artifacts.
    case finalCloseout = "final-closeout"
    /// Signed and unchanged artifacts, for projects without retention.
    case artifactsOnly = "artifacts-only"

    /// The exact bytes of the criteria file.
    package var bytes: [UInt8] {
        switch self {
        case .finalCloseout: Array(Self.finalCloseoutText.utf8)
        case .artifactsOnly: Array(Self.artifactsOnlyText.utf8)
        }
    }

    /// The criteria.
    ///
    /// - Throws: `CriteriaError` never, as a test shows; the file is read like any other.
    package func criteria() throws(CriteriaError) -> Criteria {
        try Criteria(parsing: bytes)
    }
}
