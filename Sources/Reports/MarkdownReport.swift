import Encodings
import OpenSSL
import Records
import Verification

/// Renders a report for the summary of a CI run (docs/reports.md, "Markdown").
enum MarkdownReport {
    /// How many findings of a kind are told; a summary has a limit, and this is one.
    static let limit = 100

    /// The report as Markdown with tables, where every line begins with words of the program.
    static func render(_ report: Report) -> String {
        let title = report.verdict.rawValue + report.nameClause
        var lines = ["# \(MarkdownText.prose(title))", "", MarkdownText.prose(report.headline)]
        for status in [CheckStatus.fail, .unknown] { lines += problems(report, status) }
        lines += decision(report)
        lines += signatures(report)
        lines += checks(report)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func problems(_ report: Report, _ status: CheckStatus) -> [String] {
        let findings = report.findings.filter { $0.status == status }
        guard !findings.isEmpty else { return [] }
        var lines = [
            "", status == .fail ? "## Wrong" : "## Could not be told", "",
            "| Check | Subject | Reason | What to do |", "|---|---|---|---|",
        ]
        lines += findings.prefix(limit).map { finding in
            let note = finding.isRequired ? "" : " (this alone does not decide)"
            return row([
                MarkdownText.code(finding.id.rawValue), MarkdownText.code(finding.subject),
                MarkdownText.prose(finding.reason + note),
                MarkdownText.prose(finding.hint ?? finding.id.explanation.remedy),
            ])
        }
        if findings.count > limit {
            let left = grouped(findings.count - limit)
            lines += ["", "And \(left) more, which the report as text or JSON tells."]
        }
        return lines
    }

    /// What the release comes to; an accepted failure is told as a failure.
    private static func decision(_ report: Report) -> [String] {
        guard let decision = report.decision?.now else { return [] }
        let criteria = decision.criteria
        var lines = [
            "", "## Decision", "",
            MarkdownText.prose("\(decision.outcome.rawValue): \(decision.reason)"), "",
            "Criteria " + MarkdownText.code("\(criteria.id) \(criteria.version)") + ", "
                + MarkdownText.code("sha256:\(criteria.digest.hex)"),
            "", "| Criterion | Status | Reason | Evidence |", "|---|---|---|---|",
        ]
        lines += decision.results.map { result in
            let reason = [result.reason, result.acceptanceWords].compactMap(\.self)
            return row([
                MarkdownText.code(result.id) + " "
                    + MarkdownText.prose(printable(Array(result.title.utf8))),
                result.words, MarkdownText.prose(reason.joined(separator: "; ")),
                result.evidence.map { MarkdownText.code($0.hex) }.joined(separator: " "),
            ])
        }
        return lines
    }

    private static func signatures(_ report: Report) -> [String] {
        guard !report.signatures.isEmpty else { return [] }
        var lines = [
            "", "## Signatures", "", "| File | Signature | Counts | Reason |", "|---|---|---|---|",
        ]
        lines += report.signatures.prefix(limit).map { line in
            row([
                MarkdownText.code(line.path), MarkdownText.prose(line.origin),
                line.counts ? "yes" : "no", MarkdownText.prose(line.outcome),
            ])
        }
        if report.signatures.count > limit {
            lines += ["", "And \(grouped(report.signatures.count - limit)) more."]
        }
        return lines
    }

    private static func checks(_ report: Report) -> [String] {
        var lines = [
            "", "## Checks", "", "| Family | Passed | Not applicable |", "|---|---|---|",
        ]
        lines += report.families.map { family in
            row([
                family.name, family.names(.pass).joined(separator: ", "),
                family.names(.notApplicable).joined(separator: ", "),
            ])
        }
        return lines
    }

    private static func row(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }
}
