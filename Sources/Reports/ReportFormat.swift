import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutVerification

/// A form in which a report is written (docs/reports.md, "Formats").
package enum ReportFormat: String, CaseIterable, Sendable {
    /// For a person at a terminal.
    case text
    /// The whole report for programs.
    case json
    /// For the summary of a CI run.
    case markdown
    /// One page for a browser or a printer.
    case html
    /// SARIF 2.1.0, for code scanning.
    case sarif
    /// JUnit XML, for test reports of a CI.
    case junit
    /// An in-toto statement with a SLSA Verification Summary.
    case vsa
    /// An in-toto statement with a Simple Verification Result.
    case svr
    /// OSCAL assessment results.
    case oscal

    /// Whether it is an in-toto statement, which can be signed.
    package var isStatement: Bool { self == .vsa || self == .svr }

    /// Writes a report.
    ///
    /// - Parameters:
    ///   - report: What is written.
    ///   - version: The version of the program, which some formats name.
    ///   - purpose: What the exit code depends on.
    /// - Returns: The file, which ends in a line feed; the same report gives the same bytes.
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package func render(
        _ report: Report, version: String, for purpose: ReportPurpose = .verifying
    ) throws(OpenSSLError) -> [UInt8] {
        switch self {
        case .text: Array(TextReport.render(report).utf8)
        case .json: report.json.printedBytes + lineFeed
        case .markdown: Array(MarkdownReport.render(report).utf8)
        case .html: try HTMLReport.render(report)
        case .sarif:
            try SARIFReport(report, version: version, for: purpose).json.printedBytes + lineFeed
        case .junit: try JUnitReport.render(report, for: purpose)
        case .vsa, .svr: JSON.printed(statement(of: report, version: version))
        case .oscal: try OSCALReport(report, version: version).json.printedBytes + lineFeed
        }
    }

    /// A report as an in-toto statement as it is signed: a Simple Verification Result, or else a
    /// summary;
    /// in canonical form, with a line feed.
    package func statement(of report: Report, version: String) -> [UInt8] {
        self == .svr
            ? Statement.result(of: report, version: version).canonicalBytes + lineFeed
            : Statement.summary(of: report, version: version).canonicalBytes + lineFeed
    }

    private var lineFeed: [UInt8] { [UInt8(ascii: "\n")] }
}
