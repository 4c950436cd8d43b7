import CloseoutEncodings
import CloseoutRecords
import CloseoutVerification

/// The words that every format has for a decision: what was decided is told apart from what the
/// release
/// would be now (docs/reports.md, "Two dates").
extension RecordedDecision {
    /// When it was decided, and what: a heading that never depends on the present state.
    var heading: String {
        guard !operators.isEmpty else {
            return "Said to be decided on \(asOf): \(outcome.rawValue)"
        }
        let doubt =
            switch status {
            case .pass: ""
            case .fail: ", which does not recompute"
            case .unknown, .notApplicable: ", asserted and not recomputed"
            }
        return "Decided on \(asOf): \(outcome.rawValue)\(doubt)"
    }

    /// Who signed it, by which rules it was decided, the result of recomputing it, and what to do.
    var account: String {
        ([history] + (hint.map { ["what to do: \($0)"] } ?? [])).joined(separator: " · ")
    }

    /// Who signed it, by which rules it was decided, and the result of recomputing it.
    var history: String {
        (operators.isEmpty ? "asserted" : "signed by \(operators.joined(separator: ", "))")
            + historyBehindSigners
    }

    /// By which rules it was decided, and the result of recomputing it, behind a separator.
    var historyBehindSigners: String {
        var parts = ["", "rules \(rules)"]
        switch status {
        case .pass, .fail: parts.append("recomputed: \(status.rawValue), \(reason)")
        case .unknown, .notApplicable: parts.append("not recomputed: \(reason)")
        }
        if let byPresentRules {
            parts.append("by the present rules on the same log: \(byPresentRules.rawValue)")
        }
        return parts.joined(separator: " · ")
    }

    /// Its outcome as the class of a style sheet; one that was not recomputed has no colour of an
    /// outcome.
    var styleClass: String {
        switch status {
        case .pass where !operators.isEmpty: outcome.styleClass
        case .fail: CheckStatus.fail.rawValue
        case .pass, .unknown, .notApplicable: CheckStatus.notApplicable.rawValue
        }
    }
}

extension Report {
    /// What a decision at the verification time is called: it is not what was decided.
    var presentWords: String { isAsOfGiven ? "Would be as of \(asOf)" : "Would be today, \(asOf)" }

    /// The decisions that were recorded, the last one first: it speaks for the release.
    var recordedDecisions: [RecordedDecision] { (decision?.recorded ?? []).reversed() }

    /// The last decision that the role decider signed, in one clause; nil where there is none.
    var lastDecisionWords: String? {
        recordedDecisions.first { !$0.operators.isEmpty }.map { "\($0.heading), \($0.account)" }
    }
}

extension ReleaseOutcome {
    /// The outcome as the class of a style sheet.
    var styleClass: String {
        switch self {
        case .readyForRelease: CheckStatus.pass.rawValue
        case .readyWithAcceptedRisk: "accepted"
        case .blocked: CheckStatus.fail.rawValue
        }
    }
}
