import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutVerification

extension HTMLReport {
    /// Findings as a table of check, with its status in words, and what was found.
    static func findings(
        _ findings: [Finding], caption: String, _ page: inout MarkupWriter
    ) {
        table(caption, ["Check", "What was found"], &page) { page in
            for finding in findings.prefix(limit) {
                page.block("tr") { page in
                    page.line("th", ["scope": "row"]) { page in
                        // The id may be broken behind its dot, where the column is narrow.
                        page.span("code", text: "\(finding.id.family).")
                        page.literal("<wbr>")
                        page.span("code", text: finding.id.name)
                        page.text(" ")
                        page.span(
                            "span", ["class": finding.status.rawValue], text: finding.status.words)
                    }
                    page.line("td") { page in
                        page.span("code", text: finding.subject)
                        page.text(": \(finding.reason)")
                        if !finding.isRequired { page.text(" (this alone does not decide)") }
                        guard finding.status == .fail || finding.status == .unknown else { return }
                        let hint = finding.hint ?? finding.id.explanation.remedy
                        page.span("span", ["class": "hint"], text: "What to do: \(hint)")
                    }
                }
            }
        }
        more(findings.count, "findings; the report as text or JSON has all", &page)
    }

    /// How many rows of a table are told; a browser has a limit.
    static let limit = 1_000

    /// How many more there are than are told.
    static func more(_ count: Int, _ name: String, _ page: inout MarkupWriter) {
        guard count > limit else { return }
        page.line("p", text: "And \(grouped(count - limit)) more \(name).")
    }

    /// The signatures as a table, with whether each counts.
    static func signatures(_ report: Report, _ page: inout MarkupWriter) {
        guard !report.signatures.isEmpty else { return }
        section("signatures", "Signatures", &page) { page in
            table("Signatures in the order of the log", ["Signature", "Made by"], &page) { page in
                for line in report.signatures.prefix(limit) {
                    page.block("tr") { page in
                        page.line("th", ["scope": "row"]) { page in
                            page.span("code", text: line.path)
                            page.text(" ")
                            page.span(
                                "span", ["class": line.counts ? "pass" : "unknown"],
                                text: line.counts ? "counts" : "not counted")
                        }
                        page.line("td", text: "\(line.origin): \(line.outcome)")
                    }
                }
            }
            more(report.signatures.count, "signatures", &page)
        }
    }

    /// What was judged, by whose policy, as of when.
    static func release(_ report: Report, _ page: inout MarkupWriter) {
        var rows: [(StaticString, String)] = [
            ("Judged as of", "\(report.asOf)" + (report.isAsOfGiven ? ", as was asked for" : ""))
        ]
        rows.append(("Policy", report.policy.map { "sha256:\($0.hex)" } ?? "no policy file"))
        if let size = report.logSize { rows.append(("Log size", grouped(size))) }
        if let release = report.release {
            rows.append(("Seal", "sha256:\(release.seal.hex)"))
            rows.append(("Sealed, as the bundle says", "\(release.created)"))
            rows.append(
                (
                    "Content",
                    "files \(grouped(release.totals.files)), "
                        + "directories \(grouped(release.totals.directories)), "
                        + "symbolic links \(grouped(release.totals.symlinks)), "
                        + byteCount(release.totals.bytes)
                ))
        }
        for text in report.notLookedAt { rows.append(("Not looked at", text)) }
        section("judged", "What was judged", &page) { page in
            table("Release and judgement", ["Property", "Value"], &page) { page in
                for (name, value) in rows {
                    page.block("tr") { page in
                        page.line("th", ["scope": "row"], text: name.description)
                        page.line("td", text: value)
                    }
                }
            }
        }
    }

    static func table(
        _ caption: String, _ columns: [StaticString], _ page: inout MarkupWriter,
        _ rows: (inout MarkupWriter) -> Void
    ) {
        page.block("table") { page in
            page.line("caption", text: caption)
            page.block("thead") { page in
                page.block("tr") { page in
                    for column in columns {
                        page.line("th", ["scope": "col"], text: column.description)
                    }
                }
            }
            page.block("tbody", [:], rows)
        }
    }
}
