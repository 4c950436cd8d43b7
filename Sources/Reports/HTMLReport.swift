import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutVerification

/// Renders a report as one page that needs nothing else (docs/reports.md, "HTML").
///
/// The page has no script, and its policy allows nothing but its own style sheet.
enum HTMLReport {
    /// The page.
    ///
    /// - Throws: `OpenSSLError` where the digest of the style sheet cannot be computed.
    static func render(_ report: Report) throws(OpenSSLError) -> [UInt8] {
        let style = Array(HTMLStyle.sheet.description.utf8)
        let digest = try SHA256Digest.of(style).bytes
        let policy =
            "default-src 'none'; style-src 'sha256-"
            + String(decoding: Base64.encode(digest), as: UTF8.self) + "'"
        var page = MarkupWriter(.html)
        page.block("html", ["lang": "en"]) { page in
            head(report, policy, &page)
            page.block("body") { page in
                top(report, &page)
                page.block("main") { page in content(report, &page) }
                page.block("footer") { page in
                    page.line(
                        "p",
                        text: "All of this was recomputed, except what is marked as said by the "
                            + "bundle. The same bundle, policy and instant give the same page.")
                }
            }
        }
        return page.bytes
    }

    private static func head(_ report: Report, _ policy: String, _ page: inout MarkupWriter) {
        page.block("head") { page in
            page.empty("meta", ["charset": "utf-8"])
            page.empty("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
            page.empty(
                "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
            page.line("title", text: report.verdict.rawValue + report.nameClause)
            page.line("style") { $0.literal(HTMLStyle.sheet) }
        }
    }

    private static func top(_ report: Report, _ page: inout MarkupWriter) {
        page.block("header") { page in
            page.line("h1") { page in
                page.span(
                    "strong", ["class": CheckStatus(report.verdict).rawValue],
                    text: report.verdict.rawValue)
                page.text(report.nameClause)
            }
            page.line("p", text: report.headline)
        }
    }

    private static func content(_ report: Report, _ page: inout MarkupWriter) {
        let wrong = report.findings.filter { $0.status == .fail }
        let unknown = report.findings.filter { $0.status == .unknown }
        decided(report, &page)
        decision(report, &page)
        problems(wrong, "wrong", "Wrong", &page)
        problems(unknown, "unknown", "Could not be told", &page)
        release(report, &page)
        signatures(report, &page)
        records(report, &page)
        risks(report, &page)
        section("checks", "All checks", &page) { page in
            for family in report.families {
                page.line("h3", text: family.name)
                findings(family.findings, caption: "Checks of the family \(family.name)", &page)
            }
        }
    }

    private static func problems(
        _ found: [Finding], _ id: String, _ title: String, _ page: inout MarkupWriter
    ) {
        guard !found.isEmpty else { return }
        let caption = "\(grouped(found.count)) \(found.count == 1 ? "finding" : "findings")"
        section(id, title, &page) { page in findings(found, caption: caption, &page) }
    }

    /// A part of the page that is named by its heading.
    static func section(
        _ id: String, _ title: String, _ page: inout MarkupWriter,
        _ content: (inout MarkupWriter) -> Void
    ) {
        page.block("section", ["aria-labelledby": id]) { page in
            page.line("h2", ["id": id], text: title)
            content(&page)
        }
    }
}
