import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutRecords
import CloseoutReports
import CloseoutVerification
import CloseoutWorkflows

/// How long the release is kept, and what is wrong with that.
struct RetentionPage {
    let view: BundleView

    var blocks: [PageBlock] {
        [.title(Place.retention.title), .markup(view.markup[.retention])] + health
            + [.section(id: "holds", "Legal holds", [], [holds])]
    }

    private var holds: PageTable {
        var table = PageTable("Holds in the order of the log", "Matter", "State", "Record")
        for hold in view.report.evidence?.holds ?? [] {
            table.add(
                [.text(printable(hold.placement.matter))],
                [
                    .status(
                        hold.isHeld ? "in force" : "ended",
                        style: hold.isHeld ? "unknown" : "not_applicable"),
                    .note("from \(hold.record.header.at)"),
                ] + (hold.release.map { [.note("until \($0.header.at)")] } ?? []),
                [view.piece(hold.record.digest)]
                    + (hold.release.map { [.text(", "), view.piece($0.digest)] } ?? []))
        }
        return table
    }

    private var health: [PageBlock] {
        let inspection = view.bundle.inspection
        guard let log = try? inspection.prefix(inspection.contents.log.size) else { return [] }
        let health = retentionHealth(view.report, log: log, by: view.bundle.sources)
        let covered = view.report.decision?.now?.results.flatMap(\.acceptances) ?? []
        var table = PageTable("Findings, the gravest first", "Check", "About", "Why", "Accepted by")
        let order = RetentionHealth.Severity.allCases
        let findings = health.findings.sorted {
            (order.firstIndex(of: $0.severity) ?? 0) > (order.firstIndex(of: $1.severity) ?? 0)
        }
        for finding in findings {
            let acceptances = covered.filter { $0.finding.utf8.elementsEqual(finding.id.utf8) }
            table.add(
                [
                    .code(finding.check),
                    .note("\(finding.severity.rawValue), \(CheckStatus(finding.status).words)"),
                ], [.text(printable(finding.object))],
                [.text(finding.reason)] + view.pieces(finding.evidence),
                acceptances.isEmpty
                    ? [.text("nobody")]
                    : acceptances.flatMap {
                        [view.piece($0.record), .note("until \($0.expires)")]
                    }, at: "f-\(safeFileName(finding.id.utf8))")
        }
        let coverage = health.coverage
        return [
            .section(
                id: "health", "Retention health",
                [
                    [
                        .text(
                            "\(coverage.expected) expected, \(coverage.observed) observed, "
                                + "\(coverage.hashed) hashed, \(coverage.skipped) skipped; "
                                + (findings.isEmpty
                                    ? "no finding" : counted(findings.count, "finding")))
                    ]
                ], [table])
        ]
    }
}
