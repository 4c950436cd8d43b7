import FoundationEssentials
import TestSupport
import Testing

@Suite("The direction of imports")
struct ImportTests {
    @Test("every import of every source file is one that docs/architecture.md allows its room")
    func importsFollowTheTable() throws {
        let rooms = try Rooms.documented()
        let sources = try SourceFile.all(below: "Sources", ending: ".swift")
        #expect(!sources.isEmpty)
        for source in sources {
            #expect(rooms.violations(in: source) == [])
        }
    }

    @Test("the table has a row for every room and no other, each importing only rows above it")
    func tableIsComplete() throws {
        let rooms = try Rooms.documented()
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: repositoryRoot + "/Sources")
        #expect(Set(rooms.order) == Set(folders))
        for (index, room) in rooms.order.enumerated() {
            let ours = rooms.allowed[room, default: []].intersection(rooms.order)
            #expect(ours.isSubset(of: rooms.order[..<index]), "\(room)")
        }
    }

    @Test("an import that the table lacks is found, in whatever form it is written")
    func findsViolations() {
        let rooms = Rooms(order: ["A", "B"], allowed: ["A": [], "B": ["A"]])
        let source = SourceFile(
            path: "Sources/A/X.swift",
            text: "@preconcurrency package import B\nimport struct B.T\nimport Synchronization")
        let violation = "Sources/A/X.swift imports B"
        #expect(rooms.violations(in: source) == [violation, violation])
    }
}

/// The table of rooms in docs/architecture.md.
struct Rooms {
    /// The rooms from the lowest up.
    let order: [String]
    /// The modules that each room may import, ours and those of others.
    let allowed: [String: Set<String>]

    /// What comes with Swift, needs no other library, and is open to every room.
    static let standard: Set<String> = ["Synchronization"]

    /// Reads the rows: room, what lives there, may import of ours, may import of others.
    static func documented() throws -> Rooms {
        let document = try SourceFile(reading: "docs/architecture.md")
        let rows = document.lines.filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { names(in: $0) }
        }
        return Rooms(
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
        return source.imports.filter { !allowed.contains($0) }.map {
            "\(source.path) imports \($0)"
        }
    }
}
