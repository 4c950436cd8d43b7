package import ArgumentParser
package import CloseoutRecords
package import CloseoutVerification
package import CloseoutWorkflows

/// The exit codes (docs/command-line.md, "Exit codes").
package enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case different = 1
    case acceptedRisk = 10
    case blocked = 20
    case failed = 30
    case incomplete = 40
    case usage = 64
    case malformed = 65
    case missing = 66
    case `internal` = 70
    case cannotCreate = 73
    case inputOutput = 74

    /// The code that a verdict exits with.
    package init(_ verdict: Verdict) {
        switch verdict {
        case .verified: self = .success
        case .failed: self = .failed
        case .incomplete: self = .incomplete
        }
    }

    /// The code that a decision exits with.
    package init(_ outcome: ReleaseOutcome) {
        switch outcome {
        case .readyForRelease: self = .success
        case .readyWithAcceptedRisk: self = .acceptedRisk
        case .blocked: self = .blocked
        }
    }

    /// What a command throws to end with this code and no further words.
    package var code: ExitCode { ExitCode(rawValue) }
}

extension ExitStatus {
    /// The exit code for a workflow that refused.
    package init(_ kind: WorkflowError.Refusal.Kind) {
        self =
            switch kind {
            case .usage: .usage
            case .malformed: .malformed
            case .missing: .missing
            case .failed: .failed
            case .cannotCreate: .cannotCreate
            case .inputOutput: .inputOutput
            case .internal: .internal
            }
    }
}
