import CloseoutEncodings

/// Reads reports of tests in the XML that JUnit made common: `testsuites`, `testsuite`, `testcase`,
/// and `failure`, `error` and `skipped` in them.
enum TestReportReader {
    /// Reads a document whose first character is a bracket.
    static func read(_ bytes: [UInt8]) -> EvidenceContent {
        do throws(XMLError) {
            return try content(bytes)
        } catch {
            return .unread("cannot be read as XML: \(error)")
        }
    }

    private static func content(_ bytes: [UInt8]) throws(XMLError) -> EvidenceContent {
        var reader = try XMLReader(bytes)
        var report = Report()
        while let event = try reader.next() {
            switch event {
            case .start(let name, let attributes):
                if report.isAtRoot, !name.isEqual(to: "testsuites"), !name.isEqual(to: "testsuite")
                {
                    return .unread(
                        "is XML of another form: its element is \(printable(Array(name.prefix(64))))"
                    )
                }
                report.begin(name, attributes)
            case .end: report.end()
            case .text: break
            }
        }
        return EvidenceContent(form: .junit, body: report.body)
    }
}

/// What a report says, element by element.
private struct Report {
    private var totals = TestTotals()
    /// The most failures and errors that a suite counts.
    private var claimed = 0
    private var open: [Element] = []
    /// Why it does not say everything; nil where it does.
    private var gap: String?

    private struct Element {
        let name: [UInt8]
        /// How many tests it counts, and how many cases there were when it began.
        var tests: Int?
        var casesBefore = 0
        var isFailed = false
        var isSkipped = false
    }

    private static let failedStates = [
        "failed", "fail", "failure", "error", "errored", "broken", "aborted", "timeout",
    ]
    private static let skippedStates = [
        "skipped", "notrun", "disabled", "ignored", "pending", "suppressed",
    ]

    var isAtRoot: Bool { open.isEmpty }

    var body: EvidenceContent.Body {
        var totals = totals
        totals.failed = max(totals.failed, claimed)
        if totals.failed == 0, let gap { return .unreadable(gap) }
        return .tests(totals)
    }

    mutating func begin(_ name: [UInt8], _ attributes: [XMLAttribute]) {
        var element = Element(name: name)
        element.casesBefore = totals.cases
        if name.isEqual(to: "testsuites") || name.isEqual(to: "testsuite") {
            element.tests = number("tests", attributes)
            let failed = ["failures", "errors"].compactMap { number($0, attributes) }
            claimed = max(claimed, failed.reduce(0, +))
        } else if name.isEqual(to: "testcase") {
            totals.cases += 1
            beginCase(attributes, &element)
        } else if name.isEqual(to: "skipped") {
            if isInCase, open.last?.isSkipped == false { totals.skipped += 1 }
        } else if name.isEqual(to: "failure") || name.isEqual(to: "error") {
            // A case that says by an attribute that it failed is counted.
            if !(isInCase && open.last?.isFailed == true) { totals.failed += 1 }
        } else if Self.looksLikeResult(name) {
            gap = "has an element \(printable(Array(name.prefix(64)))), of which nothing is known"
        }
        open.append(element)
    }

    mutating func end() {
        guard let element = open.popLast(), let tests = element.tests else { return }
        let listed = totals.cases - element.casesBefore
        if tests > listed { gap = "counts \(tests) tests and lists \(listed)" }
    }

    private var isInCase: Bool { open.last?.name.isEqual(to: "testcase") ?? false }

    /// Some tools say by an attribute how a test ended.
    private mutating func beginCase(_ attributes: [XMLAttribute], _ element: inout Element) {
        for attribute in attributes
        where attribute.name.isEqual(to: "status") || attribute.name.isEqual(to: "result") {
            let value = String(decoding: attribute.value, as: UTF8.self).lowercased()
            if Self.failedStates.contains(value), !element.isFailed {
                element.isFailed = true
                totals.failed += 1
            } else if Self.skippedStates.contains(value) {
                element.isSkipped = true
            }
        }
        if element.isSkipped, !element.isFailed { totals.skipped += 1 }
    }

    /// Whether a name is that of a result but for its prefix or its letters' case.
    private static func looksLikeResult(_ name: [UInt8]) -> Bool {
        let local = name.split(separator: UInt8(ascii: ":")).last ?? []
        let plain = String(decoding: local, as: UTF8.self).lowercased()
        return ["testsuites", "testsuite", "testcase", "failure", "error", "skipped"].contains(
            plain)
    }

    /// The number that an attribute is; nil where it is not there or no number.
    private mutating func number(_ name: String, _ attributes: [XMLAttribute]) -> Int? {
        guard let value = attributes.first(where: { $0.name.isEqual(to: name) })?.value else {
            return nil
        }
        guard (1...9).contains(value.count), value.allSatisfy(\.isDigit) else {
            gap = "counts its \(name) by no number"
            return nil
        }
        return value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
