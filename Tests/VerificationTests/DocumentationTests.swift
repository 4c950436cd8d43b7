import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("docs/checks.md")
struct DocumentationTests {
    /// The sections of checks: id, and its text on one line.
    private func sections() throws -> [(id: String, text: String)] {
        let document = String(
            decoding: try readFile(repositoryRoot + "/docs/checks.md"), as: UTF8.self)
        return document.split(separator: "\n### ").dropFirst().map { section in
            let body = section.prefix(
                upTo: section.firstRange(of: "\n## ")?.lowerBound ?? section.endIndex)
            let lines = body.split(separator: "\n")
            return (String(lines[0]), lines.dropFirst().joined(separator: " "))
        }
    }

    @Test("has every check once, in the order of the reports")
    func listsAll() throws {
        #expect(try sections().map(\.id) == CheckID.allCases.map(\.rawValue))
    }

    @Test("says of each check what `explain` says", arguments: CheckID.allCases)
    func agreesWithExplain(id: CheckID) throws {
        let text = try #require(try sections().first { $0.id == id.rawValue }).text
        #expect(text.hasPrefix("Checks: " + id.explanation.checks + " Statuses: "))
        #expect(text.hasSuffix(". To do: " + id.explanation.remedy))
    }

    @Test("every check has an explanation in the table, and no other has")
    func isWhole() {
        #expect(Set(CheckID.explanations.keys) == Set(CheckID.allCases))
        for (id, explanation) in CheckID.explanations {
            #expect(explanation.checks.hasSuffix("."), "\(id.rawValue)")
            #expect(explanation.remedy.hasSuffix("."), "\(id.rawValue)")
        }
    }

    @Test("names every status that a check is seen with")
    func namesStatuses() async throws {
        let documented = try Dictionary(
            uniqueKeysWithValues: sections().map { section in
                let statuses = section.text.firstRange(of: "Statuses: ").map {
                    section.text[$0.upperBound...].prefix { $0 != "." }
                }
                return (section.id, (statuses ?? "").split(separator: ", ").map { String($0) })
            })
        try await Bench.run { bench in
            for finding in try await bench.verify().findings {
                #expect(documented[finding.id.rawValue]?.contains(finding.status.rawValue) == true)
            }
        }
        for failure in FailureCase.all {
            #expect(
                documented[failure.id.rawValue]?.contains(failure.status.rawValue) == true,
                "\(failure.id.rawValue) \(failure.status.rawValue)")
        }
    }
}
