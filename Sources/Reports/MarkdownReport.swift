import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// Renders a report for the summary of a CI run (docs/reports.md, "Markdown").
enum MarkdownReport {
    /// How many findings of a kind are told; a summary has a limit, and this is one.
    static let limit = 100
    /// How many decisions are told, and how many changes since each: they have sections of their own.
    private static let decisionLimit = 10

    /// The report as Markdown with tables, where every line begins with words of the program.
    static func render(_ report: Report) -> String {
        let title = report.verdict.rawValue + report.nameClause
        var lines = ["# \(MarkdownText.prose(title))", "", MarkdownText.prose(report.headline)]
        lines += decided(report)
        lines += decision(report)
        for status in [CheckStatus.fail, .unknown] { lines += problems(report, status) }
        lines += signatures(report)
        lines += records(report)
        lines += risks(report)
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

    /// What was decided, each decision under a heading of its own.
    private static func decided(_ report: Report) -> [String] {
        let decisions = report.recordedDecisions
        var lines: [String] = []
        for decision in decisions.prefix(decisionLimit) {
            lines += [
                "", "## \(MarkdownText.prose(decision.heading))", "",
                MarkdownText.prose(decision.account) + ", record "
                    + MarkdownText.code("sha256:\(decision.digest.hex)"),
            ]
            if !decision.sinceThen.isEmpty { lines.append("") }
            for change in decision.sinceThen.prefix(decisionLimit) {
                let words = "\(change.subject) \(change.was) → \(change.now): \(change.reason)"
                lines.append("- Since then \(MarkdownText.prose(words))")
            }
        }
        return lines + more(decisions.count, "decisions", limit: decisionLimit)
    }

    /// What the release would come to now; an accepted failure is told as a failure.
    private static func decision(_ report: Report) -> [String] {
        guard let decision = report.decision?.now else { return [] }
        let criteria = decision.criteria
        let risks = report.risksByRecord
        let heading = "\(report.presentWords): \(decision.outcome.rawValue)"
        var lines = [
            "", "## \(MarkdownText.prose(heading))", "",
            "Because " + MarkdownText.prose(decision.reason), "",
            "Criteria " + MarkdownText.code("\(criteria.id) \(criteria.version)") + ", "
                + MarkdownText.code("sha256:\(criteria.digest.hex)"),
            "", "| Criterion | Status | Reason | Evidence |", "|---|---|---|---|",
        ]
        lines += decision.results.map { result in
            let reason = [result.reason, result.acceptanceWords(risks)].compactMap(\.self)
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
        return lines + more(report.signatures.count, "signatures")
    }

    private static func records(_ report: Report) -> [String] {
        let records = report.recordLines
        guard !records.isEmpty else { return [] }
        var lines = [
            "", "## Records", "", "| Record | Signed by | State | For |", "|---|---|---|---|",
        ]
        lines += records.prefix(limit).map { record in
            let name = MarkdownText.prose(record.kind.name)
            return row([
                name + " " + MarkdownText.code("sha256:\(record.digest.hex)"),
                MarkdownText.prose(record.signedBy), MarkdownText.prose(record.state),
                record.visibility.rawValue,
            ])
        }
        return lines + more(records.count, "records")
    }

    private static func risks(_ report: Report) -> [String] {
        let risks = report.riskLines
        guard !risks.isEmpty else { return [] }
        var lines = [
            "", "## Accepted risks", "",
            "| Finding | Status | Expires | Owner | Approved by | Reason | Control | Reference |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for risk in risks.prefix(limit) {
            let acceptance = risk.acceptance
            let texts = [
                risk.ownerWords, risk.approverWords, acceptance.reason,
                acceptance.compensatingControl, acceptance.externalReference,
            ]
            let cells = [
                MarkdownText.code(acceptance.finding), risk.status.rawValue,
                "\(acceptance.expires)",
            ]
            lines.append(row(cells + texts.map(MarkdownText.prose)))
        }
        return lines + more(risks.count, "risks")
    }

    /// How many more there are than are told.
    private static func more(
        _ count: Int, _ name: String, limit: Int = MarkdownReport.limit
    ) -> [String] {
        count > limit ? ["", "And \(grouped(count - limit)) more \(name)."] : []
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
