import CloseoutEncodings
import CloseoutRecords
import CloseoutVerification

/// What was delivered where, and what is planned for what was not.
struct DeliveriesPage {
    let view: BundleView

    var blocks: [PageBlock] {
        guard let evidence = view.report.evidence else { return [.title(Place.deliveries.title)] }
        return [
            .title(Place.deliveries.title),
            .section(id: "deliveries", "Deliveries", [], [deliveries(evidence)]),
            .section(id: "retries", "Plans, dry runs, reviews", [], [retries(evidence)]),
        ]
    }

    private func deliveries(_ evidence: EvidenceState) -> PageTable {
        var table = PageTable(
            "Deliveries in the order of their first records", "Event", "Route", "State", "Attempts",
            "Records")
        for item in evidence.deliveries.items {
            let attempts = item.latest.attempts
            let style =
                item.status == .open ? "fail" : item.isImported ? "unknown" : "pass"
            table.add(
                [.text(item.latest.event.rawValue), .note(printable(item.latest.delivery))],
                [
                    .code(printable(item.latest.route)),
                    .note(printable(item.latest.provider)),
                ],
                [.status(item.words, style: style)]
                    + (item.latest.reason.map { [.note(printable($0))] } ?? [])
                    + (item.flaw.map { [.note($0)] } ?? []),
                attempts.map { attempt in
                    .note(
                        "\(attempt.at): \(attempt.outcome.rawValue)"
                            + (attempt.status.map { ", status \($0)" } ?? "")
                            + (attempt.details.map { ", \($0.code.text)" } ?? ""))
                }, view.pieces(item.records.map(\.digest)))
        }
        return table
    }

    private func retries(_ evidence: EvidenceState) -> PageTable {
        var table = PageTable("Records in the order of the log", "Record", "What it says", "When")
        let kinds: [RecordKind] = [
            .retryPlan, .retryPlanV2, .retryRun, .retryRunV2, .retryReview,
        ]
        for record in evidence.records where kinds.contains(record.signed.record.kind) {
            table.add(
                [view.piece(record.digest)], [.text(record.signed.record.summary)],
                [.text("\(record.header.at)")])
        }
        return table
    }
}
