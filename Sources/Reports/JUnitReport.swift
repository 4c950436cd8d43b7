import Encodings
import OpenSSL
import Verification

/// Renders a report as JUnit XML (docs/reports.md, "JUnit").
enum JUnitReport {
    /// The document: a suite for the verdict and one for each family of checks.
    ///
    /// - Throws: `OpenSSLError` where a fingerprint cannot be computed.
    static func render(_ report: Report) throws(OpenSSLError) -> [UInt8] {
        let items = try report.items()
        var families: [String] = []
        for item in items where families.last != item.family { families.append(item.family) }
        let totals = Totals(items)
        var page = MarkupWriter(.xml)
        page.block(
            "testsuites",
            [
                "name": "closeout" + report.nameClause, "tests": "\(totals.tests)",
                "failures": "\(totals.failures)", "errors": "\(totals.errors)",
            ]
        ) { page in
            for family in families {
                suite(family, items.filter { $0.family == family }, report, &page)
            }
        }
        return page.bytes
    }

    /// What becomes of an outcome in a format that knows no more than these.
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

    private struct Totals {
        let tests: Int
        let failures: Int
        let errors: Int
        let skipped: Int

        init(_ items: [ReportItem]) {
            let outcomes = items.map { Outcome($0) }
            tests = outcomes.count
            failures = outcomes.count { $0 == .failure }
            errors = outcomes.count { $0 == .error }
            skipped = outcomes.count { $0 == .skipped }
        }
    }

    private static func suite(
        _ family: String, _ items: [ReportItem], _ report: Report, _ page: inout MarkupWriter
    ) {
        let totals = Totals(items)
        page.block(
            "testsuite",
            [
                "name": "closeout.\(family)", "tests": "\(totals.tests)",
                "failures": "\(totals.failures)", "errors": "\(totals.errors)",
                "skipped": "\(totals.skipped)", "timestamp": "\(report.asOf)",
            ]
        ) { page in
            if family == ReportItem.verdictID { properties(report, &page) }
            for item in items { test(item, &page) }
        }
    }

    private static func properties(_ report: Report, _ page: inout MarkupWriter) {
        page.block("properties") { page in
            page.empty("property", ["name": "headline", "value": report.headline])
            page.empty("property", ["name": "verdict", "value": report.verdict.rawValue])
        }
    }

    private static func test(_ item: ReportItem, _ page: inout MarkupWriter) {
        let attributes: MarkupWriter.Attributes = [
            "name": "\(item.id): \(item.subject)", "classname": "closeout.\(item.family)",
        ]
        let message: MarkupWriter.Attributes = [
            "message": item.acceptance.map { "\(item.reason); \($0)" }
                ?? (item.isRequired ? item.reason : "\(item.reason) (this alone does not decide)"),
            "type": item.acceptance == nil ? item.status.rawValue : "accepted",
        ]
        switch Outcome(item) {
        case .passed: page.empty("testcase", attributes)
        case .failure:
            page.block("testcase", attributes) { $0.line("failure", message, text: item.advice) }
        case .error:
            page.block("testcase", attributes) { $0.line("error", message, text: item.advice) }
        case .skipped: page.block("testcase", attributes) { $0.empty("skipped", message) }
        }
    }
}
