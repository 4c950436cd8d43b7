/// Writes bytes as one word of a shell's command line that is safe to show and to paste.
///
/// A word of harmless characters stays as it is; other visible text is put in single quotes, which
/// every POSIX shell reads; what is invisible or not UTF-8 needs `$'…'` with octal escapes, which
/// bash, zsh, ksh and POSIX.1-2024 read.
package func shellQuoted(_ bytes: [UInt8]) -> String {
    if !bytes.isEmpty, bytes.allSatisfy(isHarmless) {
        return String(decoding: bytes, as: UTF8.self)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard firstInvalidUTF8(in: bytes) == nil, text.unicodeScalars.allSatisfy(isVisible) else {
        return "$'" + bytes.map(octalEscaped).joined() + "'"
    }
    let parts = bytes.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
    return parts.map { "'" + String(decoding: $0, as: UTF8.self) + "'" }.joined(separator: "\\'")
}

/// Writes text as one word of a shell's command line; see `shellQuoted(_:)` for bytes.
package func shellQuoted(_ text: String) -> String {
    shellQuoted(Array(text.utf8))
}

private func isHarmless(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default:
        "@%+:,./_-".utf8.contains(byte)
    }
}

private func octalEscaped(_ byte: UInt8) -> String {
    guard byte < 0x20 || byte > 0x7E || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
    else { return String(decoding: [byte], as: UTF8.self) }
    let digits = String(byte, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
}
