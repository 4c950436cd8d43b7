import CloseoutTestSupport
import FoundationEssentials

/// A file of the repository and its lines, for tests about form.
struct SourceFile {
    /// The path below the repository's root.
    let path: String
    /// The lines without their line feeds.
    let lines: [Substring]

    /// The folder below `Sources` or `Tests`, which is the module's name.
    var module: String { String(path.split(separator: "/")[1]) }

    /// The modules that the file imports, whatever stands before `import`.
    var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
                words[..<index].allSatisfy({ Self.importModifiers.contains($0) || $0.first == "@" })
            else { return nil }
            return words.last?.split(separator: ".").first.map { String($0) }
        }
    }

    private static let importModifiers: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private",
    ]

    /// All files below a folder of the repository with this ending, sorted by path.
    static func all(below folder: String, ending: String) throws -> [SourceFile] {
        let paths = try FileManager.default.subpathsOfDirectory(
            atPath: repositoryRoot + "/" + folder)
        return try paths.filter { $0.hasSuffix(ending) }.sorted().map {
            try SourceFile(reading: folder + "/" + $0)
        }
    }

    init(reading path: String) throws {
        self.path = path
        let text = String(decoding: try readFile(repositoryRoot + "/" + path), as: UTF8.self)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
