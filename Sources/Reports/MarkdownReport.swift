import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutVerification

/// Draws a report for the summary of a CI run (docs/reports.md, "Markdown").
enum MarkdownReport {
    /// How many rows of a table are reported; a summary has a limit, and this is one.
    static let limit = 100
    /// How many decisions are reported, and how many changes since each: they have sections of their
    /// own.
    private static let decisionLimit = 10

    /// The report as Markdown with tables, where every line begins with words of the program.
    static func render(_ report: Report) -> String {
        let sections = ReportSections(report, decisions: decisionLimit)
        let title = report.verdict.rawValue + report.nameClause
        var lines = ["# \(MarkdownText.prose(title))", "", MarkdownText.prose(report.headline)]
        for part in sections.problems { lines += Self.lines(part) }
        for part in sections.decided { lines += Self.lines(part, limit: decisionLimit) }
        lines += more(report.recordedDecisions.count, "decisions", limit: decisionLimit)
        let parts = [
            sections.decision, sections.retention, sections.signatures, sections.records,
            sections.risks, sections.families,
        ]
        for part in parts.compactMap(\.self) { lines += Self.lines(part) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A section: its heading, its paragraphs, and its rows as a table.
    private static func lines(_ section: ReportSection, limit: Int = limit) -> [String] {
        var lines = ["", "## \(markdown(section.heading))"]
        for paragraph in section.paragraphs { lines += ["", markdown(paragraph)] }
        guard !section.rows.isEmpty else { return lines }
        let hasStatus = !section.statusTitle.isEmpty
        let hasNotes = !section.titles.notes.isEmpty
        let titles =
            [section.titles.lead] + (hasStatus ? [section.statusTitle] : []) + section.titles.cells
            + (hasNotes ? [section.titles.notes] : [])
        lines += [
            "", row(titles),
            "|" + String(repeating: "---|", count: titles.count),
        ]
        lines += section.rows.prefix(limit).map { item in
            let notes = item.notes.map { note in
                (note.name == nil || note.name == ReportNote.hint
                    ? "" : MarkdownText.prose("\(note.name ?? ""): ")) + markdown(note.spans)
            }
            return row(
                [markdown(item.lead)]
                    + (hasStatus ? [item.status.map { markdown([$0]) } ?? ""] : [])
                    + item.cells.map(markdown) + (hasNotes ? [notes.joined(separator: "; ")] : []))
        }
        return lines
            + more(
                section.rows.count, "rows, which the report as text or JSON has", limit: limit)
    }

    /// The pieces of a line as Markdown: ids and digests are written as code.
    private static func markdown(_ spans: [ReportSpan]) -> String {
        spans.map { span in
            switch span {
            case .text(let text), .status(let text, _), .link(let text, _):
                MarkdownText.prose(text)
            case .code(let text), .id(let text, _): MarkdownText.code(text)
            case .digest(let digest, nil): MarkdownText.code("sha256:\(digest.hex)")
            case .digest(let digest, let name?):
                MarkdownText.prose("\(name) ") + MarkdownText.code("sha256:\(digest.hex)")
            }
        }.joined()
    }

    /// How many more there are than are reported.
    private static func more(
        _ count: Int, _ name: String, limit: Int = MarkdownReport.limit
    ) -> [String] {
        count > limit ? ["", "And \(grouped(count - limit)) more \(name)."] : []
    }

    private static func row(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }
}
