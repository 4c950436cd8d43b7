/// A text of one or more lines in which none begins as a command of a build's log does.
///
/// Such a command is `::error`, also behind spaces. The second colon becomes `\u{3a}`
/// (docs/command-line.md, "Untrusted text").
///
/// `printable` does the same for what is obeyed anywhere in a line.
package func withoutLogCommands(_ text: [UInt8]) -> [UInt8] {
    var safe: [UInt8] = []
    var end = text.startIndex
    var isBeginning = true
    for index in text.indices {
        let byte = text[index]
        if isBeginning, byte == colon, index + 1 < text.count, text[index + 1] == colon {
            safe += text[end...index]
            safe += "\\u{3a}".utf8
            end = index + 2
        }
        isBeginning = byte == 0x0A || byte == 0x0D || isBeginning && (byte == 0x20 || byte == 0x09)
    }
    guard end > text.startIndex else { return text }
    return safe + text[end...]
}

/// A message of one or more lines, some of it made printable already, in which nothing is invisible or changes
/// the direction of writing, and nothing is a command of a build's log.
///
/// It is what `printable` leaves of a message that another library made. Backslashes stay as they are.
package func safeMessage(_ message: String) -> [UInt8] {
    var text = ""
    var last: Unicode.Scalar = " "
    for scalar in message.unicodeScalars {
        if scalar == "\n" || isVisible(scalar) && !(scalar == "#" && last == "#") {
            text.unicodeScalars.append(scalar)
        } else {
            text += "\\u{" + String(scalar.value, radix: 16) + "}"
        }
        last = scalar
    }
    return withoutLogCommands(Array(text.utf8))
}

private let colon = UInt8(ascii: ":")
