import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

extension ReportSections {
    /// The lead of the row that counts the checks.
    static let checksFact = [ReportSpan.text("checks")]
}

extension Report {
    /// The report at a glance: files, signers, time, policy, decisions and checks.
    func factRows(_ people: SignerNames) -> [ReportRow] {
        func row(_ name: String, _ spans: [ReportSpan]) -> ReportRow {
            ReportRow(lead: [.text(name)], cells: [spans])
        }
        var rows: [ReportRow] = []
        if let release {
            rows.append(
                row(
                    "files",
                    [
                        .text(
                            "\(counted(release.totals.files, "file")), "
                                + "\(byteCount(release.totals.bytes)), \(comparedWords)")
                    ]))
        }
        rows.append(row("signed", signedSpans(people)))
        rows.append(row("as of", [.text("\(asOf)" + (isAsOfGiven ? "" : " (now)"))]))
        rows.append(row("policy", policySpans))
        if let last = recordedDecisions.first {
            rows.append(
                row(
                    "decided",
                    [
                        .status(last.outcome.rawValue, style: last.styleClass),
                        .text(" as of \(last.asOf), "),
                    ] + last.signedSpans(people) + [.text(", \(last.recomputedWords)")]))
        }
        if let now = decision?.now {
            rows.append(
                row(
                    isAsOfGiven ? "as of it" : "now",
                    [
                        .status(now.outcome.rawValue, style: now.outcome.styleClass),
                        .text(": \(now.reason)"),
                    ]))
        }
        let checks = ReportRow(
            lead: ReportSections.checksFact, cells: [[.text(checkCounts)]])
        return rows + [checks]
    }

    /// Whether the shipped files were compared, in words.
    private var comparedWords: String {
        let given = findings.filter { $0.id == .artifactGiven }
        guard given.contains(where: { $0.status == .pass }) else { return "not compared" }
        let isWhole = !findings.contains {
            $0.id.family == "artifact" && $0.isRequired && $0.status.isProblem
        }
        let part = notLookedAt.isEmpty ? "" : " (\(notLookedAt.joined(separator: "; ")))"
        return (isWhole ? "all as sealed" : "compared, with differences") + part
    }

    /// Who signed, with which key, in which role.
    private func signedSpans(_ people: SignerNames) -> [ReportSpan] {
        let counted = signatures.filter(\.counts)
        guard !counted.isEmpty else {
            return [.text(signatures.isEmpty ? "not signed" : "no signature counts")]
        }
        var spans: [ReportSpan] = []
        var named: Set<String> = []
        for line in counted {
            let roles = line.rolesWords
            let name = line.operator ?? "an unknown signer"
            guard named.insert("\(name)\n\(line.key ?? "")\n\(roles)").inserted else { continue }
            spans.append(.text(spans.isEmpty ? "by " : ", by "))
            if let given = givenKeyWords(line) {
                spans.append(.text(given))
            } else {
                spans += [people.span(name), .text(" (key \(line.key ?? "unknown"))")]
            }
            let time = line.provenTime.map { ", before \($0)" } ?? ""
            spans.append(.text(" in the \(roles)\(time)"))
        }
        return spans
    }

    private var policySpans: [ReportSpan] {
        if let policy { return [.digest(policy, nil)] }
        let isGiven = findings.contains { $0.id == .trustGiven && $0.status == .pass }
        return [
            .text(isGiven ? "none; one key was given with --key" : "none, so nobody is trusted")
        ]
    }

    /// How many checks have which status.
    private var checkCounts: String {
        var counts: [String: Int] = [:]
        var rest = findings[...]
        while let id = rest.first?.id {
            let found = rest.prefix { $0.id == id }
            rest = rest.dropFirst(found.count)
            let required = found.filter(\.isRequired).map(\.status)
            let words =
                required.contains(.fail)
                ? "failed"
                : required.contains(.unknown)
                    ? "not checked"
                    : found.contains(where: \.status.isProblem)
                        ? "for information"
                        : found.contains { $0.status == .pass } ? "passed" : "not applicable"
            counts[words, default: 0] += 1
        }
        return ["failed", "not checked", "passed", "not applicable", "for information"]
            .compactMap { words in counts[words].map { "\(grouped($0)) \(words)" } }
            .joined(separator: ", ")
    }
}

extension RecordedDecision {
    /// Who signed it.
    func signedSpans(_ people: SignerNames) -> [ReportSpan] {
        operators.isEmpty
            ? [.text("not signed")] : [.text("signed by ")] + people.spans(operators)
    }

    /// Whether it was recomputed, in words.
    var recomputedWords: String {
        switch status {
        case .pass: "recomputed with the same result"
        case .fail: "recomputed with another result: \(reason)"
        case .unknown, .notApplicable: "not recomputed: \(reason)"
        }
    }
}
