import CloseoutRecords
package import CloseoutVerification

/// Renders a report for a person (docs/command-line.md, "verify").
package enum TextReport {
    /// The lines of the report: the verdict, what is wrong or missing, who signed, what was checked.
    package static func render(_ report: Report) -> String {
        var lines = [report.headline]
        lines += problems(report)
        lines += signatures(report)
        lines += DecisionText.recorded(report)
        lines += decision(report)
        lines += summary(report)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func problems(_ report: Report) -> [String] {
        var lines: [String] = []
        for status in [CheckStatus.fail, .unknown] {
            let findings = report.findings.filter { $0.status == status }
            guard !findings.isEmpty else { continue }
            lines += ["", status == .fail ? "wrong:" : "could not be told:"]
            lines += findings.flatMap(problem)
        }
        return lines
    }

    private static func problem(_ finding: Finding) -> [String] {
        let note = finding.isRequired ? "" : " (this alone does not decide)"
        let line = "  \(finding.id.rawValue)  \(finding.subject): \(finding.reason)\(note)"
        guard let hint = finding.hint else { return [line] }
        return [line, "    hint: \(hint)"]
    }

    private static func signatures(_ report: Report) -> [String] {
        guard !report.signatures.isEmpty else { return [] }
        return ["", "signatures:"] + report.signatures.map { "  \($0.text)" }
    }

    /// What the release comes to, a line for each criterion.
    private static func decision(_ report: Report) -> [String] {
        guard let decision = report.decision?.now else { return [] }
        return [
            "",
            "\(report.presentWords): \(decision.outcome.rawValue): \(decision.reason) · criteria "
                + "\(decision.criteria.id) \(decision.criteria.version)",
        ] + decision.results.map { "  \($0.id)  \($0.words): \($0.reason)" }
    }

    /// The families: which checks passed, and which did not apply; as many a line as it has room for.
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

extension SignatureLine {
    /// Format, signer, operator, roles, algorithm, time and what proved it, verdict and reason, and the
    /// words that came with it.
    package var text: String {
        let parts = [origin, counts ? "counts" : "not counted: \(reason)"]
        return (parts + [remark].compactMap(\.self)).joined(separator: " · ")
    }

    /// Format, signer, operator, algorithm, roles, time and what proved it.
    var origin: String {
        var parts = [format]
        parts.append(key ?? claimedKey.map { "claims \($0)" } ?? "unknown key")
        if let name = self.operator { parts.append("operator \(name)") }
        if let algorithm { parts.append(algorithm) }
        if !roles.isEmpty { parts.append("for \(roles.joined(separator: ", "))") }
        if let provenTime {
            parts.append(
                "signed before \(provenTime)" + (provenBy.map { ", proven by \($0)" } ?? ""))
        }
        if let keyOwnEnd { parts.append("its key's own end \(keyOwnEnd)") }
        return parts.joined(separator: " · ")
    }

    /// Why it counts or does not, and the words that came with it.
    var outcome: String {
        [reason, remark].compactMap(\.self).joined(separator: " · ")
    }
}
