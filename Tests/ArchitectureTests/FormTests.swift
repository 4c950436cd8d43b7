import Testing

@Suite("The form of the sources")
struct FormTests {
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
                /// Said.
                package struct D {
                    package init(
                        a: Int
                    ) {
                        self.a = a
                    }
                    package init(b: Int) {
                        a = b + 1
                    }
                }
                """)
        #expect(
            file.undocumented() == [
                "Sources/A/X.swift:5", "Sources/A/X.swift:7", "Sources/A/X.swift:15",
            ])
    }
}

extension SourceFile {
    /// The `path:line` of every `package` or `public` declaration without a doc comment.
    ///
    /// An extension with such a modifier counts too: it would hide that its members have it. What
    /// every type of a standard protocol has says the same everywhere and needs no words, nor does an
    /// initialiser of a type that takes its fields as they are.
    func undocumented() -> [String] {
        lines.indices.filter { index in
            let words = lines[index].split(separator: " ").drop { $0.hasPrefix("@") }
            guard let first = words.first, first == "package" || first == "public",
                words.count > 1, !words.contains("import"),
                words.dropFirst().first?.first?.isLetter == true,
                !Self.standardMembers.contains(where: { lines[index].contains($0) }),
                !storesFields(at: index)
            else { return false }
            let above = lines[..<index].reversed().drop { $0.trimmed.hasPrefix("@") }
            return above.first?.trimmed.hasPrefix("///") != true
        }.map { "\(path):\($0 + 1)" }
    }

    /// Whether a `package` initialiser begins at the line that does no more than store its arguments.
    private func storesFields(at index: Int) -> Bool {
        guard lines[index].trimmed.hasPrefix("package init(") else { return false }
        let body = lines[index...].drop { !$0.hasSuffix("{") }.dropFirst().map(\.trimmed)
            .prefix { $0 != "}" }
        return !body.isEmpty
            && body.allSatisfy { line in
                let sides = line.split(separator: " ")
                return sides.count == 3 && sides[0] == "self." + sides[2] && sides[1] == "="
            }
    }

    private static let standardMembers = [
        "static func == (", "static func < (", "func hash(into ", "var description:",
        "var testDescription:", "Literal ",
    ]
}

extension Substring {
    /// The line without the blanks before it.
    var trimmed: Substring { drop { $0 == " " } }
}
