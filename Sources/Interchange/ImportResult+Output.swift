import CloseoutDecisions
package import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

extension ImportResult {
    /// The result as lines for a person: claimed and recomputed side by side
    /// (docs/import.md, "Columns").
    ///
    /// - Parameter isAsOfGiven: Whether the verification time was asked for.
    /// - Returns: The lines.
    package func text(isAsOfGiven: Bool) -> String {
        let time = "as of \(decision.asOf)" + (isAsOfGiven ? "" : " (now)")
        var lines = [
            "\(decision.outcome.rawValue), claimed \(claimed?.rawValue ?? "nothing") · \(time) · "
                + "criteria \(decision.criteria.id) \(decision.criteria.version), "
                + "sha256:\(decision.criteria.digest.hex)",
            "package sha256:\(source.hex): everything in it is asserted, nobody signed it", "",
        ]
        let cells =
            [("", "claimed", "recomputed")]
            + rows.map { row in
                let result = row.result
                let status = CheckStatus(result.status).words
                let claimed = row.claimed.isEmpty ? "nothing" : row.claimed
                return (result.id, claimed, "\(status): \(result.reason)")
            }
            + [
                (
                    "decision", claimed?.rawValue ?? "nothing",
                    "\(decision.outcome.rawValue): \(decision.reason)"
                )
            ]
        let names = width(cells.map(\.0))
        let claims = min(width(cells.map(\.1)), 44)
        lines += cells.map { name, claim, recomputed in
            "  \(padded(name, names))  \(padded(claim, claims))  \(recomputed)"
        }
        let open = decision.obstacles.map(\.id).joined(separator: ", ")
        if !open.isEmpty { lines += ["", "open: \(open)"] }
        if !findings.isEmpty {
            lines += ["", "found:"]
            let ids = width(findings.map(\.id.rawValue))
            lines += findings.map { "  \(padded($0.id.rawValue, ids))  \($0.place): \($0.reason)" }
        }
        let kinds = records.map(\.name).joined(separator: ", ")
        lines += ["", "records, all asserted: \(kinds.isEmpty ? "none" : kinds)"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The result as a value for canonical JSON (docs/import.md, "Judgement as JSON").
    ///
    /// - Parameter stored: The paths of what was stored in a bundle; nil where nothing was to be.
    /// - Returns: The value.
    package func json(stored: [String]?) -> JSON {
        [
            "kind": "closeout/import/v1", "source": JSON(source.hex),
            "claimed": claimed.map { JSON($0.rawValue) } ?? .null, "decision": decision.json,
            "criteria": .array(
                rows.map { row in
                    [
                        "id": JSON(row.result.id), "claimed": JSON(row.claimed),
                        "recomputed": JSON(row.result.status.rawValue),
                        "reason": JSON(row.result.reason),
                    ]
                }),
            "findings": .array(findings.map(\.json)),
            "records": .array(records.map { JSON($0.rawValue) }),
            "stored": stored.map { .array($0.map { JSON($0) }) } ?? .null,
        ]
    }

    private func width(_ cells: [String]) -> Int { cells.map(\.unicodeScalars.count).max() ?? 0 }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
    }
}
