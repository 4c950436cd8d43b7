import TestSupport
import Testing

@Suite("The documents")
struct DocumentationTests {
    @Test("every link between documents leads to a file and a heading that exist")
    func linksResolve() throws {
        let documents = try Document.all()
        #expect(documents.count > 10)
        for document in documents {
            #expect(try document.brokenLinks() == [], "\(document.path)")
        }
    }

    @Test("every document that a source file names exists")
    func sourcesNameDocuments() throws {
        for folder in ["Sources", "Tests"] {
            for source in try SourceFile.all(below: folder, ending: ".swift") {
                for name in source.lines.flatMap(documentsNamed) {
                    #expect(fileExists(repositoryRoot + "/" + name), "\(source.path) names \(name)")
                }
            }
        }
    }

    @Test("every check has one heading, a family, statuses and advice")
    func checksAreDescribed() throws {
        let document = try Document(reading: "docs/checks.md")
        let checks = document.sections(level: 3)
        #expect(checks.count > 50)
        #expect(Set(checks.map(\.title)).count == checks.count)
        for check in checks {
            #expect(check.title.split(separator: ".").count == 2, "\(check.title)")
            for word in ["Checks", "Statuses:", "To do:"] {
                #expect(check.body.contains(word), "\(check.title) lacks `\(word)`")
            }
        }
    }
}

/// The paths `docs/….md` or `docs/….txt` in a line of code.
private func documentsNamed(_ line: Substring) -> [String] {
    line.split { !($0.isLetter || $0.isNumber || "-_./".contains($0)) }
        .filter { $0.hasPrefix("docs/") && ($0.hasSuffix(".md") || $0.hasSuffix(".txt")) }
        .map { String($0) }
}
