import CloseoutInterchange
import CloseoutTestSupport
import Testing

@Suite("docs/import.md")
struct ImportDocumentationTests {
    @Test("every finding of an import has an explanation in the table")
    func isWhole() {
        #expect(Set(ImportFinding.ID.explanations.keys) == Set(ImportFinding.ID.allCases))
    }

    @Test("has every finding once, in order, with the words of `explain`")
    func agreesWithExplain() throws {
        let document = String(
            decoding: try readFile(repositoryRoot + "/docs/import.md"), as: UTF8.self)
        let section = try #require(document.split(separator: "\n## Findings\n").last)
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(
            rows.map { String($0) }
                == ImportFinding.ID.allCases.map { "| `\($0.rawValue)` | \($0.explanation) |" })
    }
}
