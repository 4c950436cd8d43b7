import CloseoutTestSupport

/// A Markdown file of the repository.
struct Document {
    /// The path below the repository's root.
    let path: String
    private let lines: [Substring]

    /// README.md and everything in docs/.
    static func all() throws -> [Document] {
        let paths = try SourceFile.all(below: "docs", ending: ".md").map(\.path)
        return try (["README.md"] + paths).map { try Document(reading: $0) }
    }

    init(reading path: String) throws {
        self.path = path
        var inCode = false
        lines = try SourceFile(reading: path).lines.filter { line in
            if line.hasPrefix("```") { inCode.toggle() }
            return !inCode && !line.hasPrefix("    ")
        }
    }

    /// The sections under headings of one level, down to the next heading.
    func sections(level: Int) -> [(title: String, body: String)] {
        let mark = String(repeating: "#", count: level) + " "
        return lines.indices.filter { lines[$0].hasPrefix(mark) }.map { start in
            let body = lines[(start + 1)...].prefix { !$0.hasPrefix("#") }
            return (String(lines[start].dropFirst(mark.count)), body.joined(separator: "\n"))
        }
    }

    /// The texts of all headings.
    func titles() -> Set<String> {
        Set(
            lines.filter { $0.hasPrefix("#") }.map { line in
                String(line.drop { $0 == "#" }.drop { $0 == " " })
            })
    }

    /// What stands between backquotes in the last cells of tables.
    func lastCells() -> [String] {
        lines.compactMap { line in
            guard line.hasSuffix("` |") else { return nil }
            return line.split(separator: "`").dropLast().last.map(String.init)
        }
    }

    /// The targets of links that lead to no file or heading here.
    func brokenLinks() throws -> [String] {
        try linkTargets().filter { target in
            guard !target.contains("://") else { return false }
            let parts = target.split(
                separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts.first ?? "")
            let file = name.isEmpty ? path : resolved(name)
            guard fileExists(repositoryRoot + "/" + file) else { return true }
            guard parts.count == 2 else { return false }
            return try !Document(reading: file).anchors().contains(String(parts[1]))
        }
    }

    private func linkTargets() -> [String] {
        lines.flatMap { line in
            line.split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap {
                $0.split(separator: ")").first.map { String($0) }
            }
        }
    }

    private func resolved(_ name: String) -> String {
        let folder = path.split(separator: "/").dropLast()
        var parts: [Substring] = Array(folder)
        for part in name.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// The headings as links write them: lower case, blanks as dashes, no punctuation.
    private func anchors() -> Set<String> {
        Set(
            titles().map { title in
                String(
                    title.lowercased().compactMap { character in
                        if character == " " { return "-" }
                        let stays = character.isLetter || character.isNumber
                        return stays || "-_".contains(character) ? character : nil
                    })
            })
    }
}
