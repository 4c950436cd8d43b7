import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite("The direction of imports")
struct ImportTests {
    @Test("every import of every source file is one that docs/architecture.md allows its module")
    func importsFollowTheTable() throws {
        let modules = try Modules.documented()
        let sources = try SourceFile.all(below: "Sources", ending: ".swift")
        #expect(!sources.isEmpty)
        for source in sources {
            #expect(modules.violations(in: source) == [])
        }
    }

    @Test("the table has a row for every module and no other, each importing only rows above it")
    func tableIsComplete() throws {
        let modules = try Modules.documented()
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: repositoryRoot + "/Sources")
        #expect(Set(modules.order) == Set(folders))
        for (index, module) in modules.order.enumerated() {
            let ours = modules.allowed[module, default: []].intersection(modules.order)
            #expect(ours.isSubset(of: modules.order[..<index]), "\(module)")
        }
    }

    @Test("the kit of the tests builds with Swift's libraries linked in, where there is no Testing")
    func kitBuildsStatically() throws {
        for source in try SourceFile.all(below: "Tests/TestSupport", ending: ".swift") {
            let lines = source.lines.map(\.trimmed)
            guard let line = lines.firstIndex(where: { $0.hasSuffix("import Testing") }) else {
                continue
            }
            #expect(lines[..<line].contains("#if canImport(Testing)"), "\(source.path)")
        }
    }

    @Test("an import that the table lacks is found, in whatever form it is written")
    func findsViolations() {
        let modules = Modules(order: ["A", "B"], allowed: ["A": [], "B": ["A"]])
        let source = SourceFile(
            path: "Sources/A/X.swift",
            text: "@preconcurrency package import B\nimport struct B.T\nimport Synchronization")
        let violation = "Sources/A/X.swift imports B"
        #expect(modules.violations(in: source) == [violation, violation])
    }
}

/// The table of modules in docs/architecture.md.
struct Modules {
    /// The modules from the lowest up.
    let order: [String]
    /// The modules that each module may import, ours and those of others.
    let allowed: [String: Set<String>]

    /// What comes with Swift, needs no other library, and is open to every module.
    static let standard: Set<String> = ["Synchronization"]

    /// Reads the rows: module, what lives there, may import of ours, may import of others.
    static func documented() throws -> Modules {
        let document = try SourceFile(reading: "docs/architecture.md")
        let rows = document.lines.filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { names(in: $0) }
        }
        return Modules(
            order: rows.compactMap { $0.first?.first },
            allowed: Dictionary(
                rows.compactMap { cells in
                    cells.first?.first.map { ($0, Set(cells.dropFirst(2).joined())) }
                },
                uniquingKeysWith: { first, _ in first }))
    }

    /// What stands between backticks.
    private static func names(in cell: Substring) -> [String] {
        let pieces = cell.split(separator: "`", omittingEmptySubsequences: false)
        return pieces.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    /// One line for every import that the table does not allow.
    func violations(in source: SourceFile) -> [String] {
        let allowed = allowed[source.module, default: []].union(Self.standard)
        return source.imports.map(Self.folder).filter { !allowed.contains($0) }.map {
            "\(source.path) imports \($0)"
        }
    }

    /// The folder of a module of ours, whose name has a prefix; the name of another as it is.
    private static func folder(of module: String) -> String {
        let folder = module.dropFirst("Closeout".count)
        return module.hasPrefix("Closeout") && !folder.isEmpty ? String(folder) : module
    }
}
