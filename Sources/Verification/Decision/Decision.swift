package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords

/// The decision on the release under criteria at an instant (docs/criteria.md, "Outcome").
package struct Decision: Equatable, Sendable {
    /// The criteria by which it was decided.
    package struct CriteriaName: Equatable, Sendable {
        /// Their id.
        package let id: String
        /// Their version.
        package let version: Int64
        /// The digest of the criteria file.
        package let digest: SHA256Digest

        package init(id: String, version: Int64, digest: SHA256Digest) {
            self.id = id
            self.version = version
            self.digest = digest
        }
    }

    /// What was decided.
    package let outcome: ReleaseOutcome
    /// Why, in one sentence.
    package let reason: String
    /// The criteria by which it was decided.
    package let criteria: CriteriaName
    /// The result of each criterion, in the order of the criteria file.
    package let results: [CriterionResult]
    /// What is odd about acceptances, in sentences: unused, expired, about nothing that is known.
    package let notes: [String]
    /// The verification time.
    package let asOf: Instant
    /// Whether the shipped files were compared.
    package let usedArtifacts: Bool

    package init(
        outcome: ReleaseOutcome, reason: String, criteria: CriteriaName,
        results: [CriterionResult], notes: [String], asOf: Instant, usedArtifacts: Bool
    ) {
        self.outcome = outcome
        self.reason = reason
        self.criteria = criteria
        self.results = results
        self.notes = notes
        self.asOf = asOf
        self.usedArtifacts = usedArtifacts
    }

    /// The criteria that keep the outcome from being the next better one.
    package var obstacles: [CriterionResult] {
        switch outcome {
        case .blocked: results.filter(\.blocks)
        case .readyWithAcceptedRisk: results.filter { !$0.acceptances.isEmpty }
        case .readyForRelease: []
        }
    }

    /// The outcome once each of `obstacles` is gone: fulfilled, or accepted where all can be.
    package var next: ReleaseOutcome {
        let isRiskLeft =
            outcome == .blocked
            && (results.contains(where: \.isAccepted) || obstacles.allSatisfy(\.canBeAccepted))
        return isRiskLeft ? .readyWithAcceptedRisk : .readyForRelease
    }

    /// The results as a decision record keeps them.
    package var recorded: [ReleaseDecision.Criterion] {
        results.map { result in
            ReleaseDecision.Criterion(
                id: result.id, status: result.status, evidence: result.evidence,
                acceptedBy: result.acceptances.map(\.record))
        }
    }

    /// The decision as a value for canonical JSON (docs/criteria.md, "Decision as JSON").
    package var json: JSON {
        [
            "outcome": JSON(outcome.rawValue), "reason": JSON(reason),
            "criteria": [
                "id": JSON(criteria.id), "version": .integer(criteria.version),
                "sha256": JSON(criteria.digest.hex),
            ],
            "rules": JSON(ReleaseDecision.Rules.present.rawValue), "as_of": JSON(asOf.description),
            "used_artifacts": .bool(usedArtifacts),
            "results": .array(results.map(\.json)),
            "next": .array(
                obstacles.map { ["id": JSON($0.id), "remedy": JSON($0.remedy ?? $0.reason)] }),
            "notes": .array(notes.map { JSON($0) }),
        ]
    }
}
