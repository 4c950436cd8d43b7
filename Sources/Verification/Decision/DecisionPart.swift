package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords

/// What a report says of decisions on the release, apart from its integrity
/// (docs/checks.md, "Decisions in a report").
package struct DecisionPart: Equatable, Sendable {
    /// The decision on the release at the verification time; nil where no criteria were given.
    package let now: Decision?
    /// The decisions that the log has, in its order.
    package let recorded: [RecordedDecision]

    package init(now: Decision?, recorded: [RecordedDecision]) {
        self.now = now
        self.recorded = recorded
    }

    /// The part as a value for canonical JSON.
    package var json: JSON {
        ["now": now?.json ?? .null, "recorded": .array(recorded.map(\.json))]
    }
}

/// A decision of the log, and what recomputing it gave.
package struct RecordedDecision: Equatable, Sendable {
    /// Something that differs at the verification time from when it was decided.
    package struct Change: Equatable, Sendable {
        /// The id of a criterion, or what else it is about.
        package let subject: String
        /// What it was.
        package let was: String
        /// What it is.
        package let now: String
        /// Why, in one sentence.
        package let reason: String

        package init(subject: String, was: String, now: String, reason: String) {
            self.subject = subject
            self.was = was
            self.now = now
            self.reason = reason
        }
    }

    /// The path of its record.
    package let path: String
    /// The digest of its record.
    package let digest: SHA256Digest
    /// What was decided.
    package let outcome: ReleaseOutcome
    /// The instant at which it was.
    package let asOf: Instant
    /// The rule set by which it was decided, such as `decide/v2`.
    package let rules: String
    /// What the present rules give on the same log at the same instant, where it was decided by
    /// earlier ones and all that they need is at hand.
    package let byPresentRules: ReleaseOutcome?
    /// The operators that signed it; empty where it is only asserted.
    package let operators: [String]
    /// The result of recomputing it.
    package let status: CheckStatus
    /// Why, in one sentence.
    package let reason: String
    /// What to do about it.
    package let hint: String?
    /// What has changed by the verification time.
    package let sinceThen: [Change]

    package init(
        path: String, digest: SHA256Digest, outcome: ReleaseOutcome, asOf: Instant,
        rules: String, byPresentRules: ReleaseOutcome? = nil, operators: [String],
        status: CheckStatus, reason: String, hint: String? = nil, sinceThen: [Change]
    ) {
        self.path = path
        self.digest = digest
        self.outcome = outcome
        self.asOf = asOf
        self.rules = rules
        self.byPresentRules = byPresentRules
        self.operators = operators
        self.status = status
        self.reason = reason
        self.hint = hint
        self.sinceThen = sinceThen
    }

    /// The decision as a value for canonical JSON.
    package var json: JSON {
        [
            "path": JSON(path), "sha256": JSON(digest.hex), "outcome": JSON(outcome.rawValue),
            "as_of": JSON(asOf.description), "rules": JSON(rules),
            "by_present_rules": byPresentRules.map { JSON($0.rawValue) } ?? .null,
            "operators": .array(operators.map { JSON($0) }),
            "recomputed": JSON(status.rawValue), "reason": JSON(reason),
            "since_then": .array(sinceThen.map(\.json)),
        ]
    }
}

extension RecordedDecision.Change {
    /// The change as a value for canonical JSON.
    package var json: JSON {
        [
            "subject": JSON(subject), "was": JSON(was), "now": JSON(now), "reason": JSON(reason),
        ]
    }
}
