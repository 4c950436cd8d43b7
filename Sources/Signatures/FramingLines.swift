/// The lines of a text that only frame a signature, whose ends and blanks mean nothing.
///
/// Implements "Lines" of docs/signatures.md.
enum FramingLines {
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// The lines of a text without their ends and the blanks before these, and without the empty lines
    /// at the end of the text.
    ///
    /// - Returns: nil where some lines end in CR LF and others in LF.
    static func trimmed(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
        var lines = text.split(separator: lineFeed, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        if lines.first?.last == carriageReturn {
            guard lines.dropLast().allSatisfy({ $0.last == carriageReturn }) else { return nil }
            lines = lines.map { $0.last == carriageReturn ? $0.dropLast() : $0 }
        }
        lines = lines.map { withoutBlanks($0) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// A line without the blanks at its end.
    static func withoutBlanks(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = line.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        return end.map { line[...$0] } ?? line.prefix(0)
    }
}

/// A line without its line end, where it has one.
func withoutLineEnd(_ line: [UInt8]) -> [UInt8] {
    if line.suffix(2) == [0x0D, 0x0A] { return line.dropLast(2) }
    return line.last == 0x0A ? line.dropLast() : line
}

/// A text of one line without its line end and the empty lines behind it, where it has them.
func withoutEmptyLines(_ text: [UInt8]) -> [UInt8] {
    var text = text
    while text.last == UInt8(ascii: "\n") { text = withoutLineEnd(text) }
    return text
}
