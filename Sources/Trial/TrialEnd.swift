import CloseoutEncodings
import CloseoutRecords
import CloseoutReports
package import CloseoutVerification

/// The result of a trial.
package struct TrialEnd: Sendable {
    /// What was played.
    package let scenario: Scenario
    /// What was found of the bundle, with the decision.
    package let report: Report

    /// What was reached, in the form of a promise.
    package var reached: Scenario.Promise {
        let decision = report.presentDecision
        var findings: [String] = []
        let open =
            decision.map { decision in
                decision.results.filter { $0.status == .fail || $0.status == .unknown }.map(\.id)
            } ?? report.findings.filter { $0.status == .fail }.map(\.id.rawValue)
        for id in open where !findings.contains(id) { findings.append(id) }
        return Scenario.Promise(
            exit: report.decidingExit, verdict: report.verdict, outcome: decision?.outcome,
            findings: findings)
    }

    /// Whether that is what the scenario promises.
    package var isKept: Bool { reached == scenario.promise }

    /// The verdict with what it rests on, or with what fails; and the criteria with the result of each,
    /// where a decision is made.
    package var table: [String] {
        let brief = TextReport.brief(report, details: nil).split(separator: "\n")
            .flatMap { wrapped(String($0), indent: 0) }
        guard let decision = report.presentDecision else { return brief }
        return brief + ["", "Criteria"]
            + decision.results.flatMap { result in
                let status = result.isAccepted ? "fail, accepted" : result.status.rawValue
                let reason = result.status == .pass ? "" : ": \(result.reason)"
                return wrapped(
                    padded(result.id, 5) + padded(status, 16) + printable(result.title) + reason,
                    indent: 2, further: 21)
            }
    }

    /// The last two lines: what was found, and what was reached.
    package var lines: [String] {
        let promise = scenario.promise
        let found =
            promise.findings.isEmpty ? [] : ["found: " + promise.findings.joined(separator: ", ")]
        return found + [
            "",
            "\(scenario.name) reached what it promises: \(promise.word), exit code \(promise.exit)",
        ]
    }
}

extension Scenario.Promise {
    /// The outcome, or the verdict where no decision is made.
    package var word: String { outcome?.rawValue ?? verdict.rawValue }

    /// The result, in words.
    package var words: String {
        word + " with " + (findings.isEmpty ? "nothing" : findings.joined(separator: ", "))
    }
}
