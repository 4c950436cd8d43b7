package import CloseoutOpenSSL
package import CloseoutRecords

/// What a release has to fulfil, as an auditor wrote it down (docs/criteria.md).
package struct Criteria: Equatable, Sendable {
    /// The criteria's own id.
    package let id: String
    /// Their version, from 1.
    package let version: Int64
    /// What they are for, in one sentence.
    package let title: String
    /// What is demanded of acceptances.
    package let acceptance: AcceptanceLimits
    /// The criteria, in the file's order; at least one.
    package let criteria: [Criterion]
    /// The exact bytes of the file.
    package let bytes: [UInt8]
    /// Their digest.
    package let digest: SHA256Digest

    /// The criterion of this id.
    package func criterion(_ id: String) -> Criterion? {
        criteria.first { $0.id.utf8.elementsEqual(id.utf8) }
    }
}

/// One criterion: a named check with its parameters (docs/criteria.md, "Criterion").
package struct Criterion: Equatable, Sendable {
    /// Its id, which is never given to another.
    package let id: String
    /// What it demands, in one sentence.
    package let title: String
    /// The check.
    package let check: CriterionCheck
    /// How grave it is.
    package let severity: RetentionHealth.Severity
    /// Whether a failure of it can be accepted.
    package let isWaivable: Bool
    /// The ids of controls elsewhere that it answers.
    package let mapsTo: [String]
}

/// What is demanded of acceptances (docs/criteria.md, "Acceptance").
package struct AcceptanceLimits: Equatable, Sendable {
    /// How many may be used for one release; nil for any number.
    package let most: Int?
    /// For how many days one may be given, by the severity of what it accepts; absent for any.
    package let days: [RetentionHealth.Severity: Int64]
}

extension RetentionHealth.Severity {
    /// Whether it is as grave as another, or graver.
    package func isAtLeast(_ other: Self) -> Bool {
        guard let own = Self.allCases.firstIndex(of: self),
            let others = Self.allCases.firstIndex(of: other)
        else { return false }
        return own >= others
    }
}
