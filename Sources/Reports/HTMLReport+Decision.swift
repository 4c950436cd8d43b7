import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

extension HTMLReport {
    /// What was decided, by whom, and what recomputing it came to: never in the colour of now.
    static func decided(_ report: Report, _ page: inout MarkupWriter) {
        let decisions = report.recordedDecisions
        for (index, decision) in decisions.prefix(decisionLimit).enumerated() {
            page.block("section", ["aria-labelledby": "decided-\(index)"]) { page in
                page.line("h2", ["id": "decided-\(index)"]) { page in
                    page.span("span", ["class": decision.styleClass], text: decision.heading)
                }
                page.line("p", text: decision.account)
                page.line("p") { page in
                    page.text("Record ")
                    page.span("code", text: "sha256:\(decision.digest.hex)")
                }
                guard !decision.sinceThen.isEmpty else { return }
                table("Changes since then", ["Subject", "Change"], &page) { page in
                    for change in decision.sinceThen {
                        page.block("tr") { page in
                            page.line("th", ["scope": "row"], text: change.subject)
                            page.line(
                                "td", text: "\(change.was) → \(change.now): \(change.reason)")
                        }
                    }
                }
            }
        }
        guard decisions.count > decisionLimit else { return }
        page.line("p", text: "And \(grouped(decisions.count - decisionLimit)) earlier decisions.")
    }

    /// How many decisions are told, each in a section of its own.
    private static let decisionLimit = 20

    /// What the release would come to now, criterion by criterion; an accepted failure is told as a
    /// failure.
    static func decision(_ report: Report, _ page: inout MarkupWriter) {
        guard let decision = report.decision?.now else { return }
        let risks = report.risksByRecord
        page.block("section", ["aria-labelledby": "decision"]) { page in
            page.line("h2", ["id": "decision"]) { page in
                page.text("\(report.presentWords): ")
                page.span(
                    "strong", ["class": decision.outcome.styleClass],
                    text: decision.outcome.rawValue)
            }
            page.line(
                "p",
                text: "Because \(decision.reason). Criteria \(decision.criteria.id) "
                    + "\(decision.criteria.version), sha256:\(decision.criteria.digest.hex).")
            table("Criteria and what came of them", ["Criterion", "Why"], &page) { page in
                for result in decision.results { row(result, risks, &page) }
            }
            for note in decision.notes { page.line("p", text: "Of acceptances: \(note).") }
        }
    }

    private static func row(
        _ result: CriterionResult, _ risks: [SHA256Digest: RiskLine], _ page: inout MarkupWriter
    ) {
        page.block("tr") { page in
            page.line("th", ["scope": "row"]) { page in
                page.span("code", text: result.id)
                page.text(" \(printable(Array(result.title.utf8))) ")
                page.span("span", ["class": result.styleClass], text: result.words)
            }
            page.line("td") { page in
                page.text(result.reason)
                if let words = result.acceptanceWords(risks) {
                    page.span("span", ["class": "hint"], text: "Not fulfilled: \(words)")
                }
                if !result.evidence.isEmpty {
                    page.span("span", ["class": "hint"], text: "Evidence: ")
                    for digest in result.evidence {
                        page.span("code", text: digest.hex)
                        page.text(" ")
                    }
                }
                guard result.blocks else { return }
                page.span(
                    "span", ["class": "hint"],
                    text: "What to do: \(result.remedy ?? result.reason)")
            }
        }
    }

    /// The records as a table, with who signed each.
    static func records(_ report: Report, _ page: inout MarkupWriter) {
        let records = report.recordLines
        guard !records.isEmpty else { return }
        section("records", "Records", &page) { page in
            table("Records in the order of the log", ["Record", "Signed by"], &page) { page in
                for record in records.prefix(limit) {
                    page.block("tr") { page in
                        page.line("th", ["scope": "row"]) { page in
                            page.text("\(record.kind.name) ")
                            page.span("code", text: "sha256:\(record.digest.hex)")
                        }
                        page.line(
                            "td",
                            text: "\(record.signedBy): \(record.state)"
                                + (record.visibility == .restricted ? " (restricted)" : ""))
                    }
                }
            }
            more(records.count, "records", &page)
        }
    }

    /// The accepted risks as a table, with who answers for each and on which conditions.
    static func risks(_ report: Report, _ page: inout MarkupWriter) {
        let risks = report.riskLines
        guard !risks.isEmpty else { return }
        section("risks", "Accepted risks", &page) { page in
            table("Risks in the order of the log", ["Risk", "Conditions"], &page) { page in
                for risk in risks.prefix(limit) {
                    page.block("tr") { page in
                        page.line("th", ["scope": "row"]) { page in
                            page.span("code", text: risk.acceptance.finding)
                            page.text(" \(risk.status.rawValue), until \(risk.acceptance.expires)")
                        }
                        page.line("td") { page in
                            for (name, value) in risk.details {
                                page.span(
                                    "span", ["class": "hint"], text: "\(name): \(value)")
                            }
                        }
                    }
                }
            }
            more(risks.count, "risks", &page)
        }
    }
}
