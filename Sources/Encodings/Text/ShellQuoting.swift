/// Writes bytes as one word of a POSIX shell's command line that is safe to show and to paste.
///
/// A word of harmless characters stays as it is, and other visible text is put in single quotes. What
/// is invisible or not UTF-8 is printed by the shell itself, from octal escapes; line feeds at the
/// end, which a shell would take off again, follow in single quotes.
package func shellQuoted(word bytes: [UInt8]) -> String {
    if !bytes.isEmpty, bytes.allSatisfy(isHarmless) {
        return String(decoding: bytes, as: UTF8.self)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard firstInvalidUTF8(in: bytes) == nil, text.unicodeScalars.allSatisfy(isVisible) else {
        return printed(bytes)
    }
    let parts = bytes.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
    return parts.map { "'" + String(decoding: $0, as: UTF8.self) + "'" }.joined(separator: "\\'")
}

/// Writes text as one word of a shell's command line; see `shellQuoted(word:)`.
package func shellQuoted(_ text: String) -> String {
    shellQuoted(word: Array(text.utf8))
}

/// Writes a path as one word of a shell's command line that no program takes for an option.
package func shellQuoted(_ path: [UInt8]) -> String {
    shellQuoted(word: path.first == UInt8(ascii: "-") ? Array("./".utf8) + path : path)
}

private func printed(_ bytes: [UInt8]) -> String {
    let lineFeed = UInt8(ascii: "\n")
    let end = bytes.lastIndex { $0 != lineFeed }.map { $0 + 1 } ?? 0
    let lineFeeds = String(repeating: "\n", count: bytes.count - end)
    return "\"$(printf '" + bytes[..<end].map(octalEscaped).joined() + "')\""
        + (lineFeeds.isEmpty ? "" : "'\(lineFeeds)'")
}

private func isHarmless(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || "@%+:,./_-".utf8.contains(byte)
}

/// Escapes a byte for the format of `printf`, which begins with no dash and holds no percent sign.
private func octalEscaped(_ byte: UInt8) -> String {
    guard !isHarmless(byte) || "-%".utf8.contains(byte) else {
        return String(decoding: [byte], as: UTF8.self)
    }
    let digits = String(byte, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
}
