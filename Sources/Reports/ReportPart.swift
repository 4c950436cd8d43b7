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
    private let parts: [ReportPart: [UInt8]]

    /// Draws all parts of a report.
    ///
    /// - Parameters:
    ///   - report: What is reported.
    ///   - page: The address of the page that has a part, for the links from others.
    ///   - files: The addresses of pages that have more about a digest, under its anchor.
    package init(
        _ report: Report, at page: (ReportPart) -> String, files: [SHA256Digest: String] = [:]
    ) {
        let drawing = HTMLReport(report, at: page, files: files)
        var parts: [ReportPart: [UInt8]] = [:]
        for part in ReportPart.allCases {
            var writer = MarkupWriter(partOf: .html)
            drawing.draw(part, &writer)
            parts[part] = writer.bytes
        }
        self.parts = parts
    }

    /// A part; empty where the report has nothing of it.
    package subscript(part: ReportPart) -> [UInt8] { parts[part] ?? [] }
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
