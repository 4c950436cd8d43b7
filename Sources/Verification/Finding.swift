package import CloseoutRecords

/// The result of one check (docs/checks.md, "Statuses").
package enum CheckStatus: String, CaseIterable, Sendable {
    /// It was looked at and is right.
    case pass
    /// It was looked at and is wrong.
    case fail
    /// It was not checked, or not established.
    case unknown
    /// There is nothing here that it could be about.
    case notApplicable = "not_applicable"

    /// Whether it keeps a verdict from being VERIFIED, where the check is required.
    package var isProblem: Bool { self == .fail || self == .unknown }

    /// The status as people read it, in which no underscore joins two words.
    package var words: String { self == .notApplicable ? "not applicable" : rawValue }

    /// The result of a criterion; an acceptance changes nothing of it.
    package init(_ status: CriterionStatus) {
        switch status {
        case .pass: self = .pass
        case .fail: self = .fail
        case .unknown: self = .unknown
        case .notApplicable: self = .notApplicable
        }
    }
}

/// One check of one subject, with its outcome (docs/checks.md).
package struct Finding: Equatable, Sendable {
    /// Which check.
    package let id: CheckID
    /// The result of the check.
    package let status: CheckStatus
    /// What was looked at, made printable: a path, a key, a role, or the whole.
    package let subject: String
    /// Why the status is what it is, in one sentence.
    package let reason: String
    /// What to do about it.
    package let hint: String?
    /// Whether the verdict depends on it.
    ///
    /// What is found of a single signature acts only
    /// through its role's threshold.
    package let isRequired: Bool

    package init(
        _ id: CheckID, _ status: CheckStatus, _ subject: String, _ reason: String,
        hint: String? = nil, isRequired: Bool = true
    ) {
        self.id = id
        self.status = status
        self.subject = subject
        self.reason = reason
        self.hint = hint
        self.isRequired = isRequired
    }
}
