import CloseoutEncodings
import CloseoutRecords
import CloseoutVerification

/// How long a release is kept: its retention, the holds, and the accepted risks, each from an
/// instant to another.
struct RetentionTimeline {
    /// Something that lasts.
    struct Span {
        /// What it is.
        enum Kind: String {
            case retention, hold, acceptance
        }

        /// What it is.
        let kind: Kind
        /// What it is called, made printable.
        let name: String
        /// When it begins.
        let start: Instant
        /// When it ends; nil where its end is open.
        let end: Instant?
        /// What is to be said of its state.
        let state: String
    }

    /// When the release was sealed, as it says.
    let created: Instant
    /// The verification time.
    let asOf: Instant
    /// What lasts: retention, holds, then accepted risks, each in log order.
    let spans: [Span]

    /// The same as rows of a section, each instant in words.
    var section: ReportSection {
        var section = ReportSection(id: "retention", "Retention in time")
        section.caption = "What is kept, and what is accepted, until when"
        section.titles = ("What", ["From and until"], "")
        section.body = "From and until"
        section.rows = [row("sealed", "\(created), as the bundle says")]
        section.rows += spans.map { span in
            let end = span.end.map { "until \($0)" } ?? "with an open end"
            return row(span.name, "from \(span.start) \(end), \(span.state)")
        }
        section.rows.append(row("verification time", "\(asOf)"))
        section.timeline = self
        return section
    }

    private func row(_ name: String, _ words: String) -> ReportRow {
        ReportRow(lead: [.text(name)], cells: [[.text(words)]])
    }

    /// The first and the last instant that is told.
    var bounds: ClosedRange<Int64> {
        let instants = [created, asOf] + spans.map(\.start) + spans.compactMap(\.end)
        let seconds = instants.map(\.secondsSince1970)
        let first = seconds.min() ?? 0
        return first...max(first + 86_400, seconds.max() ?? 0)
    }
}

extension Report {
    /// Retention, holds and accepted risks in time; nil where there are none.
    var timeline: RetentionTimeline? {
        guard let evidence, let release else { return nil }
        var spans: [RetentionTimeline.Span] = []
        let names = findingNames
        for item in evidence.retention.items {
            let state = item.ruling.isApproved ? "approved" : "not approved"
            spans.append(
                .init(
                    kind: .retention,
                    name: "retention \(printable(item.request.retentionClass))",
                    start: release.created, end: item.request.until, state: state))
        }
        for hold in evidence.holds {
            spans.append(
                .init(
                    kind: .hold, name: "hold \(printable(hold.placement.matter))",
                    start: hold.record.header.at, end: hold.release?.header.at,
                    state: hold.isHeld ? "in force" : "ended"))
        }
        for item in evidence.acceptances {
            spans.append(
                .init(
                    kind: .acceptance,
                    name: "risk "
                        + (names[item.acceptance.finding] ?? printable(item.acceptance.finding)),
                    start: item.record.header.at, end: item.acceptance.expires,
                    state: item.status.rawValue))
        }
        guard !spans.isEmpty else { return nil }
        return RetentionTimeline(created: release.created, asOf: asOf, spans: spans)
    }
}
