import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// What happened to a release, in lines that begin with words of the program: what was decided and
/// by
/// whom, what it would be now, who signed each record, and the accepted risks.
enum ReportStory {
    /// How many decisions, records and risks are reported each; there may be many.
    private static let limit = 100

    /// The lines; none where the bundle has no record and no criteria were given.
    static func lines(_ report: Report) -> [String] {
        var lines = reported(report.recordedDecisions, "decisions") {
            "\($0.heading) · \($0.account)"
        }
        if let now = report.decision?.now {
            lines.append("\(report.presentWords): \(now.outcome.rawValue): \(now.reason)")
        }
        lines += reported(report.recordLines, "records") { "Record \($0.words)" }
        lines += reported(report.riskLines, "risks") { "Risk: \(RiskText.line($0))" }
        return lines
    }

    private static func reported<Item>(
        _ items: [Item], _ name: String, _ words: (Item) -> String
    ) -> [String] {
        let left = items.count - limit
        return items.prefix(limit).map(words)
            + (left > 0 ? ["And \(grouped(left)) more \(name)"] : [])
    }
}

extension RecordLine {
    /// Kind, digest, who signed it and what it is worth, in one clause.
    var words: String { "\(kind.name) sha256:\(digest.hex) · \(signedBy) · \(state)" }

    /// Who signed it, also where that does not count.
    var signedBy: String {
        signers.isEmpty ? "not signed" : "signed by \(signers.joined(separator: ", "))"
    }
}
