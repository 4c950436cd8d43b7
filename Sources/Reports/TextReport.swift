import CloseoutDecisions
import CloseoutEncodings
import CloseoutRecords
package import CloseoutVerification

/// Draws a report for a person at a terminal (docs/reports.md, "Text").
package enum TextReport {
    /// The report at a glance: the verdict, what is wrong or missing with what to do, and a line
    /// for each
    /// fact; at most eight lines where all is well.
    ///
    /// - Parameters:
    ///   - report: What is reported.
    ///   - option: What the command prints all by, which the last line names; nil for no such
    /// option.
    /// - Returns: The lines, the first of which begins with the verdict.
    package static func brief(_ report: Report, details option: String? = "--details") -> String {
        let sections = ReportSections(report)
        var lines = [report.verdictLine]
        // What is reported for information keeps nothing from being well.
        for var problem in report.verdict == .verified ? [] : sections.problems {
            let left = problem.rows.count - mostProblems
            problem.rows = Array(problem.rows.prefix(mostProblems))
            lines += Self.lines(problem)
            if left > 0 {
                lines.append(
                    "  and \(grouped(left)) more" + (option.map { " (\($0))" } ?? ""))
            }
        }
        let facts = sections.facts
        let width = facts.map { $0.lead.plain.count }.max() ?? 0
        for row in facts {
            let name = row.lead.plain + ":"
            let suffix =
                row.lead == ReportSections.checksFact ? option.map { " (\($0))" } ?? "" : ""
            lines.append(
                name + String(repeating: " ", count: width + 2 - name.count)
                    + row.cells.map(\.plain).joined(separator: " ") + suffix)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// How many findings of a status are reported at a glance.
    private static let mostProblems = 20

    /// All lines of the report: the verdict, what is wrong or missing, the decisions, who signed,
    /// the
    /// records and risks, and what was checked.
    package static func render(_ report: Report) -> String {
        let sections = ReportSections(report)
        var lines = [report.headline]
        let parts =
            sections.problems + [sections.signatures].compactMap(\.self) + sections.decided
            + [sections.decision, sections.retention, sections.records, sections.risks]
            .compactMap(\.self)
        for part in parts { lines += [""] + Self.lines(part) }
        lines += summary(report)
        return lines.joined(separator: "\n") + "\n"
    }

    /// The decisions alone: what was decided, and apart from it what the release would be now, each
    /// criterion with its reason, and what would have to change.
    package static func decision(_ report: Report) -> String {
        let sections = ReportSections(report)
        var parts = sections.decided.map { Self.lines($0) }
        if let now = sections.decision {
            var lines = Self.lines(now)
            if parts.isEmpty, let decision = report.decision?.now {
                // Where nothing was decided before, this is the only decision that there is.
                lines[0] =
                    "\(decision.outcome.rawValue)\(report.nameClause): \(decision.reason)"
                lines.remove(at: 1)
            }
            lines.insert("  \(report.headline)", at: 1)
            parts.append(lines)
        }
        return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    /// A section: its heading, and its rows behind two blanks.
    private static func lines(_ section: ReportSection) -> [String] {
        var lines = [
            section.isTitled
                ? section.heading.plain.lowercased() + ":" : section.heading.plain
        ]
        lines += section.paragraphs.map { "  \($0.plain)" }
        if !section.isTitled, !section.rows.isEmpty, !section.showsStatus {
            lines.append("  \(section.caption.lowercased()):")
        }
        let indent = section.isTitled || section.showsStatus ? "  " : "    "
        for (place, row) in section.rows.enumerated() {
            lines.append(indent + line(row, in: section))
            // What is to do about several is reported once, behind the last of them.
            let isRepeated =
                place + 1 < section.rows.count && section.rows[place + 1].notes == row.notes
                && row.notes.contains { $0.name == ReportNote.hint }
            guard !isRepeated else { continue }
            lines += row.notes.map { note in
                "\(indent)  \(note.name.map { "\($0): " } ?? "")\(note.spans.plain)"
            }
        }
        return lines + (section.remarks.isEmpty ? [] : [""]) + section.remarks.map(\.plain)
    }

    private static func line(_ row: ReportRow, in section: ReportSection) -> String {
        let status = section.showsStatus ? row.status.map { [[$0].plain] } ?? [] : []
        let cells = row.cells.map(\.plain).filter { !$0.isEmpty }.joined(separator: ": ")
        return ((section.hasLeadsInText ? [row.lead.plain] : []) + status + [cells]).joined(
            separator: "  ")
    }

    /// The families: which checks passed, and which did not apply; as many a line as it has room
    /// for.
    private static func summary(_ report: Report) -> [String] {
        let lines = report.families.compactMap { family -> String? in
            let passed = family.names(.pass).joined(separator: ", ")
            let idle = family.names(.notApplicable).joined(separator: ", ")
            if passed.isEmpty, family.isIdle { return "\(family.name)  not applicable" }
            let parts = [
                passed.isEmpty ? nil : "pass: \(passed)",
                idle.isEmpty ? nil : "not applicable: \(idle)",
            ].compactMap(\.self)
            return parts.isEmpty ? nil : "\(family.name)  \(parts.joined(separator: "; "))"
        }
        return lines.isEmpty ? [] : ["", "checks:"] + packed(lines)
    }

    /// Puts each line behind the first one that has room for it, up to 100 columns.
    private static func packed(_ lines: [String]) -> [String] {
        var packed: [String] = []
        for line in lines {
            if let place = packed.firstIndex(where: { $0.count + line.count + 3 <= 100 }) {
                packed[place] += " · \(line)"
            } else {
                packed.append("  \(line)")
            }
        }
        return packed
    }
}

extension [ReportSpan] {
    /// The words alone; a digest that has a name with as many digits as a command needs.
    var plain: String {
        map { span in
            switch span {
            case .text(let text), .code(let text), .status(let text, _), .link(let text, _),
                .id(let text, _):
                text
            case .digest(let digest, nil): "sha256:\(digest.hex)"
            case .digest(let digest, let name?): "\(name) \(digest.short)"
            }
        }.joined()
    }
}
