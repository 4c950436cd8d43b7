package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords

/// The result of one criterion, with all that a person needs to follow it (docs/criteria.md,
/// "Result").
package struct CriterionResult: Equatable, Sendable {
    /// An acceptance that covers a criterion, or one finding behind it.
    package struct Acceptance: Equatable, Sendable {
        /// The digest of its record.
        package let record: SHA256Digest
        /// The id of the criterion or finding that it accepts.
        package let finding: String
        /// The last instant at which it counts.
        package let expires: Instant

        package init(record: SHA256Digest, finding: String, expires: Instant) {
            self.record = record
            self.finding = finding
            self.expires = expires
        }
    }

    /// The criterion's id.
    package let id: String
    /// The criterion in one sentence.
    package let title: String
    /// The name of its check.
    package let check: String
    /// How grave it is.
    package let severity: RetentionHealth.Severity
    /// Whether a failure of it can be accepted.
    package let isWaivable: Bool
    /// The ids of controls elsewhere that it answers.
    package let mapsTo: [String]
    /// The result; an acceptance does not change that.
    package let status: CriterionStatus
    /// Why, in one sentence.
    package let reason: String
    /// The digests of the files on which that rests, ascending.
    package let evidence: [SHA256Digest]
    /// The findings of a report on which it rests, where it does on one.
    package let findings: [RetentionHealth.Finding]
    /// The acceptances that cover it, ascending by record; empty where it needs none or has none.
    package let acceptances: [Acceptance]
    /// Whether acceptances could cover its result: it fails, and so does nothing in it that
    /// nobody
    /// can accept.
    package let canBeAccepted: Bool
    /// What would have to change for the criterion to pass; nil where it passes.
    package let remedy: String?

    /// States a result; evidence and acceptances are brought into order.
    package init(
        id: String, title: String, check: String, severity: RetentionHealth.Severity,
        isWaivable: Bool, mapsTo: [String], status: CriterionStatus, reason: String,
        evidence: [SHA256Digest], findings: [RetentionHealth.Finding], acceptances: [Acceptance],
        canBeAccepted: Bool, remedy: String?
    ) {
        self.id = id
        self.title = title
        self.check = check
        self.severity = severity
        self.isWaivable = isWaivable
        self.mapsTo = mapsTo
        self.status = status
        self.reason = reason
        self.evidence = Set(evidence).sorted()
        self.findings = findings
        self.acceptances = acceptances.sorted { $0.record < $1.record }
        self.canBeAccepted = canBeAccepted
        self.remedy = remedy
    }

    /// Whether a failure is covered by acceptances.
    package var isAccepted: Bool { status == .fail && !acceptances.isEmpty }

    /// Whether it keeps the release from being ready.
    package var blocks: Bool {
        switch status {
        case .pass, .notApplicable: false
        case .fail: acceptances.isEmpty
        case .unknown: true
        }
    }

    /// The result as a value for canonical JSON.
    package var json: JSON {
        [
            "id": JSON(id), "title": JSON(title), "check": JSON(check),
            "severity": JSON(severity.rawValue), "waivable": .bool(isWaivable),
            "maps_to": .array(mapsTo.map { JSON($0) }), "status": JSON(status.rawValue),
            "reason": JSON(reason), "evidence": .array(evidence.map { JSON($0.hex) }),
            "findings": .array(findings.map(\.json)),
            "accepted_by": .array(acceptances.map(\.json)),
            "remedy": remedy.map { JSON($0) } ?? .null,
        ]
    }
}

extension CriterionResult.Acceptance {
    /// The acceptance as a value for canonical JSON.
    package var json: JSON {
        [
            "sha256": JSON(record.hex), "finding": JSON(finding),
            "expires": JSON(expires.description),
        ]
    }
}
