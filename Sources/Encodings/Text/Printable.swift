/// Makes untrusted text fit to be shown within a line of a terminal or a report.
///
/// Letters, marks, digits, punctuation, symbols and the plain space stay. A backslash becomes `\\`,
/// line feed, carriage return and tab become `\n`, `\r` and `\t`; other control characters, all that
/// is invisible or changes direction, other spaces and unassigned scalars become `\u{…}`; a byte
/// that is not UTF-8 becomes `\x…`. Of two `#` in a row the second is escaped too, because build
/// systems obey `##vso[` and the like anywhere in a line of their log. The result holds no line break,
/// and two inputs never look alike by what was escaped. Implements "Untrusted text" of
/// docs/command-line.md.
package func printable(_ bytes: [UInt8]) -> String {
    if isPlain(bytes) { return String(decoding: bytes, as: UTF8.self) }
    var text = ""
    var index = 0
    while index < bytes.count {
        if bytes[index] == hash, index > 0, bytes[index - 1] == hash {
            text += "\\u{23}"
            index += 1
            continue
        }
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

private let hash = UInt8(ascii: "#")

/// Whether all bytes are visible ASCII characters that need no escape.
private func isPlain(_ bytes: [UInt8]) -> Bool {
    var last: UInt8 = 0
    for byte in bytes {
        guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return false }
        if byte == hash, last == hash { return false }
        last = byte
    }
    return true
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

/// Characters that look blank, although they count as letters, marks or symbols: the blank Braille
/// pattern, the filler of Khitan, blanks of hieroglyphs, the empty notehead, the object replacement character.
private let blanks: Set<UInt32> = [
    0x2800, 0xFFFC, 0x1_3441, 0x1_3442, 0x1_6FE4, 0x1_D159,
]

/// Whether a scalar is seen as itself: no control, format, invisible, blank or unassigned
/// character.
package func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x7F else { return scalar.value >= 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
        .paragraphSeparator:
        return false
    default:
        return !scalar.properties.isDefaultIgnorableCodePoint && !blanks.contains(scalar.value)
    }
}
