package import CloseoutOpenSSL
package import CloseoutVerification

/// A part of a report, which a page can have by itself.
package enum ReportPart: String, CaseIterable, Sendable {
    /// The report at a glance.
    case facts
    /// What is wrong, then what was not checked.
    case problems
    /// The recorded decisions, the last one first.
    case decided
    /// What the release would be now.
    case decision
    /// Retention, holds and accepted risks in time.
    case retention
    /// The accepted risks.
    case risks
    /// Each signature over the seal.
    case signatures
    /// Who signed the seal or a record.
    case signers
    /// The records in the order of the log.
    case records
    /// What was verified, under which policy, at which time.
    case verified
    /// Every check, by family.
    case checks
}

/// The parts of a report as HTML, for a program whose pages have one or several of them.
///
/// They are what the report as one page has, and fit its style sheet.
package struct ReportMarkup: Sendable {
    private let drawing: HTMLReport

    /// Takes a report.
    ///
    /// - Parameters:
    ///   - report: What is reported.
    ///   - rows: How many rows of a table a page has; of more, a part has several pages.
    ///   - page: The address of the page that has a part, for the links from others; what has `?page=` and a number
    ///     behind it, from 2, is a later page of it.
    ///   - files: The addresses of pages that have more about a digest, under its anchor.
    package init(
        _ report: Report, rows: Int = 500, at page: (ReportPart) -> String,
        files: [SHA256Digest: String] = [:]
    ) {
        drawing = HTMLReport(report, at: page, files: files, rows: rows)
    }

    /// How many pages a part has, at least 1.
    package func pages(of part: ReportPart) -> Int { drawing.pages(of: part) }

    /// A page of a part, from 0; empty where the report has nothing of it.
    package subscript(part: ReportPart, page: Int = 0) -> [UInt8] {
        var writer = MarkupWriter(partOf: .html)
        drawing.draw(part, page, &writer)
        return writer.bytes
    }
}

extension ReportSections {
    /// The sections of a part, in their order.
    subscript(part: ReportPart) -> [ReportSection] {
        switch part {
        case .facts: []
        case .problems: problems
        case .decided: decided
        case .decision: [decision].compactMap(\.self)
        case .retention: [retention].compactMap(\.self)
        case .risks: [risks].compactMap(\.self)
        case .signatures: [signatures].compactMap(\.self)
        case .signers: [signers].compactMap(\.self)
        case .records: [records].compactMap(\.self)
        case .verified: [verified]
        case .checks: checks
        }
    }
}
