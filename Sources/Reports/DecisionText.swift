import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
package import CloseoutVerification

/// Renders the decision part of a report for a person (docs/command-line.md, "decide").
package enum DecisionText {
    /// What was decided; apart from it what the release would come to now, each criterion with its
    /// reason, and what would have to change.
    package static func render(_ report: Report) -> String {
        var lines = recorded(report)
        if let decision = report.decision?.now {
            lines += [""] + Self.lines(decision, of: report)
        }
        return lines.drop { $0.isEmpty }.joined(separator: "\n") + "\n"
    }

    /// The decisions and what the release would come to now, a line each; none where nothing is told
    /// of either.
    package static func summary(_ report: Report) -> [String] {
        let decided = report.recordedDecisions.map { "\($0.heading) · \($0.account)" }
        guard let now = report.decision?.now else { return decided }
        return decided + ["\(report.presentWords): \(now.outcome.rawValue): \(now.reason)"]
    }

    /// The lines about recorded decisions, the last one first; none where there is none.
    package static func recorded(_ report: Report) -> [String] {
        report.recordedDecisions.flatMap { decision in
            let changes = decision.sinceThen.map {
                "    \($0.subject)  \($0.was) → \($0.now): \($0.reason)"
            }
            return ["", decision.heading, "  \(decision.history)"]
                + (decision.hint.map { ["    hint: \($0)"] } ?? [])
                + (changes.isEmpty ? [] : ["  since then:"] + changes)
        }
    }

    private static func lines(_ decision: Decision, of report: Report) -> [String] {
        let criteria = decision.criteria
        // Where nothing was decided before, this is the only decision that there is.
        let heading = report.recordedDecisions.isEmpty ? "" : "\(report.presentWords): "
        var lines = [
            [
                "\(heading)\(decision.outcome.rawValue)\(report.nameClause): \(decision.reason)",
                "criteria \(criteria.id) \(criteria.version), sha256:\(criteria.digest.hex)",
            ].joined(separator: " · "),
            report.headline, "",
        ]
        for result in decision.results { lines += Self.lines(result) }
        if !decision.obstacles.isEmpty {
            lines += ["", "what would have to change for \(decision.next.rawValue):"]
            for result in decision.obstacles { lines += remedies(result) }
        }
        if !decision.notes.isEmpty {
            lines += ["", "acceptances:"] + decision.notes.map { "  \($0)" }
        }
        return lines
    }

    private static func lines(_ result: CriterionResult) -> [String] {
        let status = result.isAccepted ? "fail, accepted" : result.status.rawValue
        var lines = [
            "  \(result.id)  \(status)  \(printable(Array(result.title.utf8)))",
            "    \(result.reason)",
        ]
        if !result.evidence.isEmpty {
            lines.append("    evidence \(result.evidence.map(short).joined(separator: ", "))")
        }
        lines += result.findings.map {
            "    finding \($0.id): \($0.check), \($0.severity.rawValue), \($0.status.rawValue)"
        }
        lines += result.acceptances.map {
            "    accepted until \($0.expires) by \(short($0.record))"
        }
        return lines
    }

    private static func remedies(_ result: CriterionResult) -> [String] {
        var lines = ["  \(result.id)  \(result.remedy ?? result.reason)"]
        guard result.canBeAccepted, !result.isAccepted else { return lines }
        let evidence = result.evidence.map { "--evidence \(short($0))" }
        let command = RemedyCommand.propose.with(["--finding \(result.id)"] + evidence)
        lines.append("      or, with an accepted risk: \(command)")
        return lines
    }

    /// As many digits of a digest as name a file of a bundle.
    private static func short(_ digest: SHA256Digest) -> String {
        String(decoding: digest.hexBytes.prefix(16), as: UTF8.self)
    }
}
