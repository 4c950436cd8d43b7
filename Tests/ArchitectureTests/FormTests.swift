import Testing

@Suite("The form of the sources")
struct FormTests {
    @Test("no source file is longer than 300 lines, no test file longer than 400")
    func filesAreShort() throws {
        for (folder, limit) in [("Sources", 300), ("Tests", 400)] {
            for file in try SourceFile.all(below: folder, ending: ".swift") {
                #expect(file.lines.count - 1 <= limit, "\(file.path)")
            }
        }
    }

    @Test("no function of the sources is longer than 40 lines")
    func functionsAreShort() throws {
        for file in try SourceFile.all(below: "Sources", ending: ".swift") {
            #expect(file.longFunctions(limit: 40) == [])
        }
    }

    @Test("every package and public declaration has a doc comment")
    func declarationsAreDocumented() throws {
        for folder in ["Sources", "Tests/TestSupport"] {
            for file in try SourceFile.all(below: folder, ending: ".swift") {
                #expect(file.undocumented() == [])
            }
        }
    }

    @Test("a declaration without a comment is found, also behind an attribute or modifier")
    func findsUndocumented() {
        let file = SourceFile(
            path: "Sources/A/X.swift",
            text: """
                package import B
                /// Said.
                @safe
                package final class C {
                    @inlinable package init() {}
                }
                package extension C {}
                """)
        #expect(file.undocumented() == ["Sources/A/X.swift:5", "Sources/A/X.swift:7"])
    }

    @Test("a function over the limit is found by its first line")
    func findsLongFunctions() {
        let body = [String](repeating: "    f()", count: 4).joined(separator: "\n")
        let file = SourceFile(
            path: "Sources/A/X.swift", text: "func f(\n    a: Int\n) {\n\(body)\n}\ninit() {\n}")
        #expect(file.longFunctions(limit: 7) == ["Sources/A/X.swift:1"])
        #expect(file.longFunctions(limit: 8) == [])
    }
}

extension SourceFile {
    /// The `path:line` of every `package` or `public` declaration without a doc comment.
    ///
    /// An extension with such a modifier counts too: it would hide that its members have it. What
    /// every type of a standard protocol has says the same everywhere and needs no words.
    func undocumented() -> [String] {
        lines.indices.filter { index in
            let words = lines[index].split(separator: " ").drop { $0.hasPrefix("@") }
            guard let first = words.first, first == "package" || first == "public",
                words.count > 1, !words.contains("import"),
                words.dropFirst().first?.first?.isLetter == true,
                !Self.standardMembers.contains(where: { lines[index].contains($0) })
            else { return false }
            let above = lines[..<index].reversed().drop { $0.trimmed.hasPrefix("@") }
            return above.first?.trimmed.hasPrefix("///") != true
        }.map { "\(path):\($0 + 1)" }
    }

    private static let standardMembers = [
        "static func == (", "static func < (", "func hash(into ", "var description:",
        "var testDescription:", "Literal ",
    ]

    /// The `path:line` of every function and initialiser that spans more lines than the limit.
    ///
    /// The formatter sees to it that the closing brace is as far in as the first line.
    func longFunctions(limit: Int) -> [String] {
        lines.indices.filter { index in
            let words = lines[index].split(separator: " ")
            let isFunction = words.contains("func") || words.contains { $0.hasPrefix("init(") }
            guard isFunction, !lines[index].trimmed.hasPrefix("//") else { return false }
            let closing = lines[index].prefix { $0 == " " } + "}"
            let end = lines[index...].firstIndex { $0 == closing } ?? index
            return end - index + 1 > limit
        }.map { "\(path):\($0 + 1)" }
    }
}

extension Substring {
    /// The line without the blanks before it.
    var trimmed: Substring { drop { $0 == " " } }
}
