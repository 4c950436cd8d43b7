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
        var totals = TestTotals()
        var claimed = 0
        var open: [[UInt8]] = []
        var gap: String?
        while let event = try reader.next() {
            switch event {
            case .start(let name, let attributes):
                if open.isEmpty, !name.isEqual(to: "testsuites"), !name.isEqual(to: "testsuite") {
                    return .unread(
                        "is XML of another form: its element is \(printable(Array(name.prefix(64))))"
                    )
                }
                let parent = open.last ?? []
                open.append(name)
                if name.isEqual(to: "testsuites") || name.isEqual(to: "testsuite") {
                    do throws(WrongCount) {
                        claimed = max(claimed, try failures(attributes))
                    } catch {
                        gap = "counts its \(error.name) by no number"
                    }
                } else if name.isEqual(to: "testcase") {
                    totals.cases += 1
                } else if name.isEqual(to: "skipped"), parent.isEqual(to: "testcase") {
                    totals.skipped += 1
                } else if name.isEqual(to: "failure") || name.isEqual(to: "error") {
                    totals.failed += 1
                }
            case .end: open.removeLast()
            case .text: break
            }
        }
        totals.failed = max(totals.failed, claimed)
        if totals.failed == 0, let gap {
            return EvidenceContent(form: .junit, body: .unreadable(gap))
        }
        return EvidenceContent(form: .junit, body: .tests(totals))
    }

    private struct WrongCount: Error {
        let name: String
    }

    /// How many failures and errors a suite counts.
    private static func failures(_ attributes: [XMLAttribute]) throws(WrongCount) -> Int {
        var sum = 0
        for name in ["failures", "errors"] {
            guard let value = attributes.first(where: { $0.name.isEqual(to: name) })?.value else {
                continue
            }
            guard (1...9).contains(value.count), value.allSatisfy(\.isDigit) else {
                throw WrongCount(name: name)
            }
            sum += value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        return sum
    }
}
