/// A text of a document in pieces: words, code and links.
struct DocumentText {
    private(set) var pieces: [Piece] = []
    private var words = ""

    /// Reads a text; a mark that does not end is a word like others.
    ///
    /// Links to other documents and within one lead there. Any other is shown with its address: the console leads
    /// nowhere else.
    init(_ text: String) {
        var rest = Substring(text)
        while let mark = rest.first {
            if mark == "`", let (code, after) = Self.enclosed(rest.dropFirst(), by: "`") {
                add(.code(String(code)))
                rest = after
            } else if mark == "[", let (label, target, after) = Self.link(rest.dropFirst()) {
                add(Self.piece(label, target))
                rest = after
            } else if rest.hasPrefix("![") {
                rest.removeFirst()
            } else if rest.hasPrefix("**") {
                rest.removeFirst(2)
            } else {
                words.append(mark)
                rest.removeFirst()
            }
        }
        add(nil)
    }

    private mutating func add(_ piece: Piece?) {
        if !words.isEmpty { pieces.append(.text(words)) }
        words = ""
        if let piece { pieces.append(piece) }
    }

    private static func enclosed(
        _ text: Substring, by mark: Character
    ) -> (Substring, after: Substring)? {
        guard let end = text.firstIndex(of: mark) else { return nil }
        return (text[..<end], text[end...].dropFirst())
    }

    private static func link(
        _ text: Substring
    ) -> (label: String, target: String, after: Substring)? {
        guard let (label, behind) = enclosed(text, by: "]"), behind.first == "(",
            let (target, after) = enclosed(behind.dropFirst(), by: ")")
        else { return nil }
        return (label.filter { $0 != "`" }, String(target), after)
    }

    private static func piece(_ label: String, _ target: String) -> Piece {
        if target.hasPrefix("#") { return .link(label, to: target) }
        let parts = target.split(separator: "#", maxSplits: 1)
        if let file = parts.first, file.hasSuffix(".md"), !file.contains("/") {
            let anchor = parts.count > 1 ? "#\(parts[1])" : ""
            return .link(label, to: "\(Place.documents.rawValue)/\(file.dropLast(3))\(anchor)")
        }
        return target.hasPrefix("https://") ? .text("\(label) (\(target))") : .text(label)
    }
}
