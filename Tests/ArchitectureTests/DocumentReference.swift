/// A place where a comment names a document, and perhaps a section of it.
struct DocumentReference: Equatable {
    /// The path below the repository's root.
    let path: String
    /// The text of the section's heading.
    let section: String?
}

extension SourceFile {
    /// What the file names as `docs/x.md`, `docs/x.md, "Section"` or `"Section" of docs/x.md`.
    func documentReferences() -> [DocumentReference] {
        let comments = lines.map(\.trimmed).filter { $0.hasPrefix("//") }
        let text = comments.map { $0.drop { $0 == "/" } }.joined()
        return text.indices(ofStart: "docs/").compactMap { start in
            let path = text[start...].prefix { $0.isLetter || $0.isNumber || "-_./".contains($0) }
            let name = path.hasSuffix(".") ? path.dropLast() : path
            guard name.hasSuffix(".md") || name.hasSuffix(".txt") else { return nil }
            let after = text[name.endIndex...]
            let before = text[..<start]
            return DocumentReference(path: String(name), section: section(before, after))
        }
    }

    private func section(_ before: Substring, _ after: Substring) -> String? {
        if after.hasPrefix(", \"") {
            return after.dropFirst(3).split(separator: "\"").first.map(String.init)
        }
        guard before.hasSuffix("\" of ") else { return nil }
        return before.dropLast(5).split(separator: "\"").last.map(String.init)
    }
}

extension String {
    /// Where a text begins in this one.
    fileprivate func indices(ofStart part: String) -> [String.Index] {
        indices.filter { self[$0...].hasPrefix(part) }
    }
}
