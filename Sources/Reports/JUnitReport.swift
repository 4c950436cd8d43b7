import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutVerification

/// Renders a report as JUnit XML (docs/reports.md, "JUnit").
struct JUnitReport {
    /// The most test cases of a file.
    static let mostCases = 25_000
    /// The most bytes of all test cases together.
    static let mostBytes = 8_000_000

    private let report: Report
    private let cases: [Case]

    /// The document: a suite for the verdict and one for each family of checks.
    ///
    /// - Throws: `OpenSSLError` where a fingerprint cannot be computed.
    static func render(
        _ report: Report, for purpose: ReportPurpose
    ) throws(OpenSSLError) -> [UInt8] {
        let items = try report.items(for: purpose, limit: mostCases)
        let (cases, leftOut) = items.rendered(within: mostBytes) { item in
            let rendered = Case(item)
            return (rendered, rendered.bytes.count)
        }
        let verdict = items.all.prefix(1).map {
            Case($0, leftOut: leftOut, story: ReportStory.lines(report))
        }
        return JUnitReport(report: report, cases: verdict + cases).document
    }

    private var document: [UInt8] {
        var families: [String] = []
        for item in cases where families.last != item.family { families.append(item.family) }
        let totals = Totals(cases)
        var page = MarkupWriter(.xml)
        page.block(
            "testsuites",
            [
                "name": "closeout" + report.nameClause, "tests": "\(totals.tests)",
                "failures": "\(totals.failures)", "errors": "\(totals.errors)",
            ]
        ) { page in
            for family in families {
                suite(family, cases.filter { $0.family == family }, &page)
            }
        }
        return page.bytes
    }

    /// The result of an outcome in a format that knows no more than these.
    private enum Outcome {
        case passed, failure, error, skipped

        init(_ item: ReportItem) {
            switch item.status {
            case .pass: self = .passed
            case .fail:
                self = item.isRequired && item.acceptance == nil ? .failure : .skipped
            case .unknown: self = item.isRequired ? .error : .skipped
            case .notApplicable: self = .skipped
            }
        }
    }

    /// One test case, as it is written.
    private struct Case {
        let family: String
        let outcome: Outcome
        let bytes: [UInt8]

        /// - Parameters:
        ///   - item: What it reports.
        ///   - leftOut: How many others the file leaves out, which it says.
        ///   - story: Further lines, each of which begins with words of the program.
        init(_ item: ReportItem, leftOut: Int = 0, story: [String] = []) {
            family = item.family
            outcome = Outcome(item)
            let more = leftOut > 0 ? [ReportItems.words(leftOut: leftOut)] : []
            var page = MarkupWriter(partOf: .xml)
            let attributes: MarkupWriter.Attributes = [
                "name": "\(item.id): \(item.subject)", "classname": "closeout.\(item.family)",
            ]
            let output = more + story
            if outcome == .passed, output.isEmpty {
                page.empty("testcase", attributes)
            } else {
                page.block("testcase", attributes) { page in
                    Self.result(item, &page)
                    if !output.isEmpty { page.lines("system-out", output) }
                }
            }
            bytes = page.bytes
        }

        private static func result(_ item: ReportItem, _ page: inout MarkupWriter) {
            let message: MarkupWriter.Attributes = [
                "message": item.acceptance.map { "\(item.reason); \($0)" }
                    ?? (item.isRequired
                        ? item.reason : "\(item.reason) (for information)"),
                "type": item.acceptance == nil ? item.status.rawValue : "accepted",
            ]
            switch Outcome(item) {
            case .passed: break
            case .failure: page.line("failure", message, text: item.advice)
            case .error: page.line("error", message, text: item.advice)
            case .skipped: page.empty("skipped", message)
            }
        }
    }

    private struct Totals {
        let tests: Int
        let failures: Int
        let errors: Int
        let skipped: Int

        init(_ cases: [Case]) {
            tests = cases.count
            failures = cases.count { $0.outcome == .failure }
            errors = cases.count { $0.outcome == .error }
            skipped = cases.count { $0.outcome == .skipped }
        }
    }

    private func suite(_ family: String, _ cases: [Case], _ page: inout MarkupWriter) {
        let totals = Totals(cases)
        page.block(
            "testsuite",
            [
                "name": "closeout.\(family)", "tests": "\(totals.tests)",
                "failures": "\(totals.failures)", "errors": "\(totals.errors)",
                "skipped": "\(totals.skipped)", "timestamp": "\(report.asOf)",
            ]
        ) { page in
            if family == ReportItem.verdictID { properties(&page) }
            for item in cases { page.append(item.bytes) }
        }
    }

    private func properties(_ page: inout MarkupWriter) {
        page.block("properties") { page in
            page.empty("property", ["name": "headline", "value": report.headline])
            page.empty("property", ["name": "verdict", "value": report.verdict.rawValue])
        }
    }
}
