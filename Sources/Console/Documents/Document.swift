/// A document in the part of Markdown that the project's documents keep to: headings, paragraphs, lists, tables, and
/// lines that are shown as they are.
struct Document: Equatable, Sendable {
    /// A part of a document, from above to below.
    enum Block: Equatable, Sendable {
        case heading(level: Int, String)
        case paragraph(String)
        case list(isOrdered: Bool, [String])
        case table(header: [String], rows: [[String]])
        case verbatim(String)
    }

    /// The first heading.
    let title: String
    /// All below it.
    let blocks: [Block]

    /// Reads a document; what it does not know is a paragraph.
    init(_ text: String) {
        var reader = DocumentReader(text)
        var blocks: [Block] = []
        while let block = reader.next() { blocks.append(block) }
        if case .heading(1, let text) = blocks.first {
            title = text
            blocks.removeFirst()
        } else {
            title = ""
        }
        self.blocks = blocks
    }

    /// What leads to a heading: its words in small letters, joined by hyphens, as in the links of the documents.
    static func anchor(of heading: String) -> String {
        String(
            String.UnicodeScalarView(
                heading.lowercased().unicodeScalars.compactMap { scalar in
                    if scalar == " " { return "-" }
                    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || scalar == "-" || scalar == "_" ? scalar : nil
                }))
    }
}

/// Takes one block after the other from the lines of a document.
private struct DocumentReader {
    private var lines: ArraySlice<Substring>

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    }

    mutating func next() -> Document.Block? {
        while let line = lines.first, line.isBlank { lines.removeFirst() }
        guard let line = lines.first else { return nil }
        if line.hasPrefix("#") { return heading() }
        if line.hasPrefix("    ") { return verbatim() }
        if line.hasPrefix("```") { return fenced() }
        if line.hasPrefix("|") { return table() }
        if let mark = line.itemMark { return list(isOrdered: mark != "-") }
        return .paragraph(paragraph())
    }

    private mutating func heading() -> Document.Block {
        let line = lines.removeFirst()
        let level = line.prefix { $0 == "#" }.count
        return .heading(
            level: level, line.dropFirst(level).trimmedStart.filter { $0 != "`" })
    }

    private mutating func verbatim() -> Document.Block {
        var text: [Substring] = []
        while let line = lines.first, line.hasPrefix("    ") || line.isBlank {
            text.append(line.dropFirst(4))
            lines.removeFirst()
        }
        while text.last?.isBlank == true { text.removeLast() }
        return .verbatim(text.joined(separator: "\n"))
    }

    private mutating func fenced() -> Document.Block {
        lines.removeFirst()
        let end = lines.firstIndex { $0.hasPrefix("```") } ?? lines.endIndex
        let text = lines[..<end].joined(separator: "\n")
        lines = lines[end...].dropFirst()
        return .verbatim(text)
    }

    private mutating func table() -> Document.Block {
        var rows: [[String]] = []
        while let line = lines.first, line.hasPrefix("|") {
            rows.append(line.cells)
            lines.removeFirst()
        }
        let header = rows.removeFirst()
        let isRule = rows.first?.allSatisfy { $0.allSatisfy { $0 == "-" || $0 == ":" } } == true
        return .table(header: header, rows: isRule ? Array(rows.dropFirst()) : rows)
    }

    /// The items of a list; an item goes on in lines that are indented.
    private mutating func list(isOrdered: Bool) -> Document.Block {
        var items: [String] = []
        while let line = lines.first {
            if let mark = line.trimmedStart.itemMark {
                items.append(String(line.trimmedStart.dropFirst(mark.count).trimmedStart))
            } else if line.hasPrefix(" "), let last = items.indices.last {
                items[last] += " " + line.trimmedStart
            } else {
                break
            }
            lines.removeFirst()
        }
        return .list(isOrdered: isOrdered, items)
    }

    private mutating func paragraph() -> String {
        var text: [Substring] = []
        while let line = lines.first, !line.isBlank, text.isEmpty || !line.beginsBlock {
            text.append(line.trimmedStart)
            lines.removeFirst()
        }
        return text.joined(separator: " ")
    }
}

extension Substring {
    fileprivate var isBlank: Bool { allSatisfy { $0 == " " } }

    fileprivate var trimmedStart: Substring { drop { $0 == " " } }

    fileprivate var beginsBlock: Bool {
        hasPrefix("#") || hasPrefix("|") || hasPrefix("```") || itemMark != nil
    }

    /// What an item of a list begins with: a hyphen, or a number and a dot.
    fileprivate var itemMark: String? {
        if hasPrefix("- ") { return "-" }
        let digits = prefix { ("0"..."9").contains($0) }
        guard (1...3).contains(digits.count), dropFirst(digits.count).hasPrefix(". ") else {
            return nil
        }
        return digits + "."
    }

    /// The cells of a row; a bar within a cell is written `\|`.
    fileprivate var cells: [String] {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        for character in dropFirst() {
            if character == "|", !isEscaped {
                cells.append(String(Substring(cell).trimmedStart.trimmedEnd))
                cell = ""
            } else {
                if character == "|" { cell.removeLast() }
                cell.append(character)
            }
            isEscaped = character == "\\"
        }
        return cells
    }

    private var trimmedEnd: Substring {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
