import Encodings
import OpenSSL
import Records
import Verification

extension HTMLReport {
    /// What the release comes to, criterion by criterion; an accepted failure is told as a failure.
    static func decision(_ report: Report, _ page: inout MarkupWriter) {
        guard let decision = report.decision?.now else { return }
        section("decision", "Decision", &page) { page in
            page.line("p") { page in
                page.span(
                    "strong", ["class": styleClass(decision.outcome)],
                    text: decision.outcome.rawValue)
                page.text(
                    ": \(decision.reason). Criteria \(decision.criteria.id) "
                        + "\(decision.criteria.version), sha256:\(decision.criteria.digest.hex).")
            }
            table("Criteria and what came of them", ["Criterion", "Why"], &page) { page in
                for result in decision.results { row(result, &page) }
            }
            for note in decision.notes { page.line("p", text: "Of acceptances: \(note).") }
        }
    }

    private static func row(_ result: CriterionResult, _ page: inout MarkupWriter) {
        page.block("tr") { page in
            page.line("th", ["scope": "row"]) { page in
                page.span("code", text: result.id)
                page.text(" \(printable(Array(result.title.utf8))) ")
                page.span("span", ["class": result.styleClass], text: result.words)
            }
            page.line("td") { page in
                page.text(result.reason)
                if let words = result.acceptanceWords {
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

    private static func styleClass(_ outcome: ReleaseOutcome) -> String {
        switch outcome {
        case .readyForRelease: CheckStatus.pass.rawValue
        case .readyWithAcceptedRisk: "accepted"
        case .blocked: CheckStatus.fail.rawValue
        }
    }
}
