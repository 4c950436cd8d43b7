import CloseoutTestSupport
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

    @Test("every document and section that a source file names exists")
    func sourcesNameDocuments() throws {
        let titles = try Dictionary(
            uniqueKeysWithValues: Document.all().map { ($0.path, $0.titles()) })
        for source in try SourceFile.all(below: "Sources", ending: ".swift") {
            for reference in source.documentReferences() {
                let exists = fileExists(repositoryRoot + "/" + reference.path)
                #expect(exists, "\(source.path) names \(reference.path)")
                guard let section = reference.section else { continue }
                let isThere = titles[reference.path]?.contains(section) == true
                #expect(isThere, "\(source.path) names \"\(section)\" of \(reference.path)")
            }
        }
    }

    @Test("a section is found before and behind its document, also across lines of a comment")
    func findsReferences() {
        let source = SourceFile(
            path: "Sources/A/X.swift",
            text: """
                /// A log line (docs/log.md, "Entry"). Implements "Key
                /// formats" of docs/trust-policy.md, and docs/seal.md.
                """)
        #expect(
            source.documentReferences() == [
                DocumentReference(path: "docs/log.md", section: "Entry"),
                DocumentReference(path: "docs/trust-policy.md", section: "Key formats"),
                DocumentReference(path: "docs/seal.md", section: nil),
            ])
    }

    @Test("every test that the lessons name exists")
    func lessonsAreTested() throws {
        let sources = try SourceFile.all(below: "Tests", ending: ".swift").map {
            $0.lines.joined(separator: "\n")
        }
        let names = try Document(reading: "docs/lessons.md").lastCells()
        #expect(names.count > 10)
        for name in names {
            #expect(sources.contains { $0.contains("\"\(name)\"") }, "\(name)")
        }
    }

    @Test(
        "the three ways through the files have ten steps each, and every file that they name exists"
    )
    func waysLeadThroughFiles() throws {
        let lines = try SourceFile(reading: "docs/architecture.md").lines
        let ways = lines.drop { $0 != "## Three ways through the files" }.dropFirst()
            .prefix { !$0.hasPrefix("## ") }
        let steps = ways.filter { $0.first?.isNumber == true }
        #expect(steps.count == 30)
        for step in steps {
            let files = step.split(separator: "`").filter { $0.hasSuffix(".swift") }
            #expect(!files.isEmpty, "\(step)")
            for file in files {
                #expect(fileExists("\(repositoryRoot)/Sources/\(file)"), "\(file)")
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
