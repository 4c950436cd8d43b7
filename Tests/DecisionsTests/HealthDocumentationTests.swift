import CloseoutDecisions
import CloseoutRecords
import CloseoutTestSupport
import Testing

@Suite("docs/retention.md")
struct HealthDocumentationTests {
    @Test("every check of health has an explanation in the table")
    func isWhole() {
        #expect(Set(HealthCheck.explanations.keys) == Set(HealthCheck.allCases))
    }

    @Test("has every check of health once, in order, as `explain` has it")
    func agreesWithExplain() throws {
        let document = String(
            decoding: try readFile(repositoryRoot + "/docs/retention.md"), as: UTF8.self)
        let rows = document.split(separator: "\n").filter { $0.hasPrefix("| `RH-") }
        #expect(
            rows.map { String($0) }
                == HealthCheck.allCases.map { check in
                    let waivable = check.isWaivable ? "yes" : "no"
                    return "| `\(check.rawValue)` | \(check.severity.rawValue) | \(waivable) "
                        + "| \(check.explanation) |"
                })
    }
}
