import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutVerification

/// Draws a report as one page that needs nothing else (docs/reports.md, "HTML").
///
/// The page has no script, and its policy allows nothing but its own style sheet. A digest is reported
/// by
/// the name of what it is of, which leads to the row about that; the digest itself is a click away.
struct HTMLReport {
    /// How many rows of a table are reported; a browser has a limit.
    private static let limit = 1_000
    /// How many decisions are reported, each in a section of its own.
    private static let decisionLimit = 20

    private let report: Report
    private let sections: ReportSections
    /// What links can lead to: rows, each with the page that has it, which is empty for this one.
    private let anchors: [String: String]
    /// How many rows of a table a page has, where a part may have several; nil where there is one page.
    private let pageRows: Int?
    /// Which of the pages is drawn, from 0.
    private var number = 0

    /// The page.
    ///
    /// - Throws: `OpenSSLError` where the digest of the style sheet cannot be computed.
    static func render(_ report: Report) throws(OpenSSLError) -> [UInt8] {
        try HTMLReport(report).page()
    }

    /// Takes a report.
    ///
    /// - Parameters:
    ///   - report: What is reported.
    ///   - page: Where a part is, for the links from others; empty where all are on one page.
    ///   - files: Where else there is something of a digest.
    ///   - rows: How many rows of a table a page has; nil where all that is drawn is on one page.
    init(
        _ report: Report, at page: (ReportPart) -> String = { _ in "" },
        files: [SHA256Digest: String] = [:], rows: Int? = nil
    ) {
        pageRows = rows
        self.report = report
        sections = ReportSections(report, decisions: Self.decisionLimit)
        var anchors = Dictionary(
            files.map { ($0.key.anchor, $0.value) }, uniquingKeysWith: { first, _ in first })
        for part in [ReportPart.signatures, .signers, .records] {
            for section in sections[part] {
                for (index, row) in section.rows.prefix(rows == nil ? Self.limit : .max)
                    .enumerated()
                {
                    let number = index / (rows ?? .max)
                    guard let anchor = row.anchor else { continue }
                    anchors[anchor] = page(part) + (number > 0 ? "?page=\(number + 1)" : "")
                }
            }
        }
        self.anchors = anchors
    }

    /// How many pages a part has.
    func pages(of part: ReportPart) -> Int {
        guard let pageRows else { return 1 }
        return sections[part].map { ($0.rows.count + pageRows - 1) / pageRows }.max().map {
            max(1, $0)
        } ?? 1
    }

    /// Draws one part of the report, within a page that somebody else makes.
    ///
    /// - Parameters:
    ///   - part: The part.
    ///   - number: Which of its pages, from 0.
    ///   - page: What is drawn on.
    func draw(_ part: ReportPart, _ number: Int, _ page: inout MarkupWriter) {
        var copy = self
        copy.number = number
        copy.draw(part, &page)
    }

    private func draw(_ part: ReportPart, _ page: inout MarkupWriter) {
        if part == .facts { return facts(&page) }
        if part == .checks {
            for (family, section) in zip(report.families, sections.checks) {
                details(of: family, section, &page)
            }
            return
        }
        for section in sections[part] { self.section(section, &page) }
    }

    private func page() throws(OpenSSLError) -> [UInt8] {
        let style = Array(HTMLStyle.sheet.description.utf8)
        let digest = try SHA256Digest.of(style).bytes
        let policy =
            "default-src 'none'; style-src 'sha256-"
            + String(decoding: Base64.encode(digest), as: UTF8.self) + "'"
        var page = MarkupWriter(.html)
        page.block("html", ["lang": "en"]) { page in
            head(policy, &page)
            page.block("body") { page in
                top(&page)
                page.block("main") { page in content(&page) }
                page.block("footer") { page in
                    page.line(
                        "p",
                        text:
                            "Everything here was recomputed, except what is marked as said by the "
                            + "bundle. The same bundle, policy and time give the same page.")
                }
            }
        }
        return page.bytes
    }

    private func head(_ policy: String, _ page: inout MarkupWriter) {
        page.block("head") { page in
            page.empty("meta", ["charset": "utf-8"])
            page.empty("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
            page.empty(
                "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
            page.empty("meta", ["name": "color-scheme", "content": "light dark"])
            page.line("title", text: report.verdict.rawValue + report.nameClause)
            page.line("style") { $0.literal(HTMLStyle.sheet) }
        }
    }

    private func top(_ page: inout MarkupWriter) {
        let style = CheckStatus(report.verdict).rawValue
        page.block("header", ["class": "top-\(style)"]) { page in
            page.line("h1") { page in
                page.span("strong", ["class": style], text: report.verdict.rawValue)
                page.text(report.nameClause)
            }
            if report.verdict != .verified || !report.notLookedAt.isEmpty {
                page.line("p", text: report.verdictLine)
            }
            facts(&page)
        }
    }

    /// The report at a glance.
    func facts(_ page: inout MarkupWriter) {
        page.block("dl") { page in
            for fact in sections.facts {
                page.block("div") { page in
                    page.line("dt", text: fact.lead.plain)
                    page.line("dd") { page in
                        for cell in fact.cells { draw(cell, &page) }
                    }
                }
            }
        }
    }

    /// All sections of the report.
    func content(_ page: inout MarkupWriter) {
        for part in sections.problems + sections.decided { section(part, &page) }
        let decisions = report.recordedDecisions.count
        if decisions > Self.decisionLimit {
            page.line(
                "p", text: "And \(grouped(decisions - Self.decisionLimit)) earlier decisions.")
        }
        let parts = [
            sections.decision, sections.retention, sections.risks, sections.signatures,
            sections.signers,
        ]
        for part in parts.compactMap(\.self) { section(part, &page) }
        if let records = sections.records {
            listed(
                records, "\(counted(records.rows.count, "record")) in the order of the log", &page)
        }
        section(sections.verified, &page)
        page.block("section", ["aria-labelledby": "checks"]) { page in
            page.line("h2", ["id": "checks"], text: "All checks")
            for (family, part) in zip(report.families, sections.checks) {
                details(of: family, part, &page)
            }
        }
    }

    /// A part of the page that is named by its heading.
    private func section(_ section: ReportSection, _ page: inout MarkupWriter) {
        page.block("section", ["aria-labelledby": section.id]) { page in
            page.line("h2", ["id": section.id]) { page in draw(section.heading, &page) }
            for paragraph in section.paragraphs {
                page.line("div") { page in draw(paragraph, &page) }
            }
            if let timeline = section.timeline { timeline.draw(&page) }
            table(section, &page)
            for remark in section.remarks {
                page.line("div", ["class": "remark"]) { page in draw(remark, &page) }
            }
        }
    }

    /// A section whose table can be folded, and that is left out on paper, where it would be long.
    private func listed(
        _ section: ReportSection, _ summary: String, _ page: inout MarkupWriter
    ) {
        page.block("section", ["aria-labelledby": section.id]) { page in
            page.line("h2", ["id": section.id]) { page in draw(section.heading, &page) }
            page.block("details", ["class": "list", "open": ""]) { page in
                page.line("summary", text: summary)
                table(section, &page)
            }
        }
    }

    /// The checks of a family, folded; what failed or was not checked is reported above.
    private func details(
        of family: CheckFamily, _ section: ReportSection, _ page: inout MarkupWriter
    ) {
        page.block("details") { page in
            page.line("summary") { page in
                page.text("\(family.name): ")
                page.text(family.counts)
            }
            table(section, &page)
        }
    }

    private func table(_ section: ReportSection, _ page: inout MarkupWriter) {
        let first = number * (pageRows ?? 0)
        let shown = section.rows.dropFirst(first).prefix(pageRows ?? Self.limit)
        guard !shown.isEmpty else { return }
        page.block("table", ["class": section.showsStatus ? "narrow" : "wide"]) { page in
            page.line("caption", text: section.caption)
            page.block("thead") { page in
                page.block("tr") { page in
                    page.line("th", ["scope": "col"], text: section.titles.lead)
                    page.line("th", ["scope": "col"], text: section.body)
                }
            }
            page.block("tbody") { page in
                var used: Set<String> = []
                for row in shown {
                    let isNew = row.anchor.map { used.insert($0).inserted } ?? false
                    self.row(row, anchor: isNew ? row.anchor : nil, &page)
                }
            }
        }
        guard section.rows.count > shown.count else { return }
        guard pageRows == nil else {
            page.line(
                "p",
                text: "Rows \(grouped(first + 1)) to \(grouped(first + shown.count)) of "
                    + "\(grouped(section.rows.count)).")
            return
        }
        page.line(
            "p",
            text:
                "And \(grouped(section.rows.count - Self.limit)) more; the report as text or JSON "
                + "has all.")
    }

    private func row(_ row: ReportRow, anchor: String?, _ page: inout MarkupWriter) {
        let content = { (page: inout MarkupWriter) in
            page.line("th", ["scope": "row"]) { page in
                draw(row.lead, isTarget: anchor != nil, &page)
                if let status = row.status {
                    page.text(" ")
                    draw([status], &page)
                }
            }
            page.line("td") { page in
                for (place, cell) in row.cells.enumerated() {
                    if place > 0 { page.text(": ") }
                    draw(cell, &page)
                }
                for note in row.notes {
                    page.open("div", ["class": "hint"])
                    if let name = note.name {
                        page.text(name == ReportNote.hint ? "What to do: " : "\(name): ")
                    }
                    draw(note.spans, &page)
                    page.close("div")
                }
            }
        }
        if let anchor {
            page.block("tr", ["id": anchor], content)
        } else {
            page.block("tr", [:], content)
        }
    }

    /// Draws the pieces of a line.
    ///
    /// - Parameters:
    ///   - spans: The pieces.
    ///   - isTarget: Whether this is the place that links to a digest lead to.
    ///   - page: What is drawn on.
    private func draw(
        _ spans: [ReportSpan], isTarget: Bool = false, _ page: inout MarkupWriter
    ) {
        for span in spans {
            switch span {
            case .text(let text): page.text(text)
            case .code(let text): page.code(text)
            case .status(let text, let style): page.span("span", ["class": style], text: text)
            case .link(let text, let anchor):
                if let place = anchors[anchor] {
                    page.span("a", ["href": "\(place)#\(anchor)"], text: text)
                } else {
                    page.text(text)
                }
            case .id(let id, let name): folded(id, under: name, &page)
            case .digest(let digest, let name):
                if let name, !isTarget, let place = anchors[digest.anchor] {
                    page.span(
                        "a",
                        ["href": "\(place)#\(digest.anchor)", "title": "sha256:\(digest.hex)"],
                        text: name)
                } else {
                    folded(
                        "sha256:\(digest.hex)", under: name ?? "sha256:\(digest.short)…", &page)
                }
            }
        }
    }

    /// Something long under a name, until somebody unfolds it.
    private func folded(_ text: String, under name: String, _ page: inout MarkupWriter) {
        page.open("details", ["class": "digest"])
        page.span("summary", text: name)
        page.span("code", text: text)
        page.close("details")
    }
}

extension CheckFamily {
    /// How many of its checks passed, did not, or did not apply.
    var counts: String {
        [CheckStatus.fail, .unknown, .pass, .notApplicable].compactMap { status in
            let count = names(status).count
            let words =
                switch status {
                case .fail: "failed"
                case .unknown: "not checked"
                case .pass: "passed"
                case .notApplicable: "not applicable"
                }
            return count > 0 ? "\(count) \(words)" : nil
        }.joined(separator: ", ")
    }
}

extension MarkupWriter {
    /// An id or a path; an id may be broken behind its dot, where the column is narrow.
    mutating func code(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, CheckID(rawValue: text) != nil else {
            span("code", text: text)
            return
        }
        span("code", text: "\(parts[0]).")
        literal("<wbr>")
        span("code", text: String(parts[1]))
    }
}
