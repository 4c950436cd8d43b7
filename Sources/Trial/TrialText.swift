/// A line in lines of at most 100 columns, all of them indented, those behind the first further.
func wrapped(_ line: String, indent: Int, further: Int = 2) -> [String] {
    let blanks = String(repeating: " ", count: indent + line.prefix { $0 == " " }.count)
    let words = line.drop { $0 == " " }.split(separator: " ", omittingEmptySubsequences: false)
    var lines = [blanks]
    for (index, word) in words.enumerated() {
        let last = lines.count - 1
        if index == 0 {
            lines[last] += word
        } else if lines[last].count + word.count < 100 {
            lines[last] += " \(word)"
        } else {
            lines.append(blanks + String(repeating: " ", count: further) + word)
        }
    }
    return lines.map { line in
        String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
    }
}

/// The text with blanks behind it, up to a width.
func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
