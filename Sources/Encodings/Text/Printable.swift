/// Makes untrusted text fit to be shown within a line of a terminal or a report.
///
/// Letters, marks, digits, punctuation, symbols and the plain space stay. A backslash becomes `\\`,
/// line feed, carriage return and tab become `\n`, `\r` and `\t`; other control characters, all that
/// is invisible or changes direction, other spaces and unassigned scalars become `\u{…}`; a byte
/// that is not UTF-8 becomes `\x…`. The result holds no line break, and two inputs never look alike
/// by what was escaped. Implements "Untrusted text" of docs/command-line.md.
package func printable(_ bytes: [UInt8]) -> String {
    if bytes.allSatisfy(isPlain) { return String(decoding: bytes, as: UTF8.self) }
    var text = ""
    var index = 0
    while index < bytes.count {
        guard let length = lengthOfScalar(at: index, in: bytes) else {
            text += "\\x" + Hex.string([bytes[index]])
            index += 1
            continue
        }
        let encoded = bytes[index..<index + length]
        for scalar in String(decoding: encoded, as: UTF8.self).unicodeScalars {
            append(scalar, to: &text)
        }
        index += length
    }
    return text
}

/// Makes untrusted text fit to be shown within a line; see `printable(_:)` for bytes.
package func printable(_ text: String) -> String {
    printable(Array(text.utf8))
}

/// Tells whether a byte is a visible ASCII character, the backslash excepted.
private func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\")
}

private func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    default:
        if isVisible(scalar) {
            text.unicodeScalars.append(scalar)
        } else {
            text += "\\u{" + String(scalar.value, radix: 16) + "}"
        }
    }
}

/// Tells whether a scalar is seen as itself: no control, format, invisible or unassigned character.
func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x7F else { return scalar.value >= 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
        .paragraphSeparator:
        return false
    default:
        return !scalar.properties.isDefaultIgnorableCodePoint
    }
}
