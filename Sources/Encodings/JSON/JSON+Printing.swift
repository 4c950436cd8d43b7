extension JSON {
    /// The canonical form with more escapes, in the strings alone: what a terminal would hide or obey, and
    /// what the log of a build takes for a command (docs/command-line.md, "Untrusted text").
    ///
    /// Every reader of JSON gets the same values. What is stored or signed is `canonicalBytes`.
    package var printedBytes: [UInt8] { Self.printed(canonicalBytes) }

    /// The same of a JSON text that is there already.
    ///
    /// A text that is not UTF-8 is no JSON, and stays as it is.
    package static func printed(_ json: [UInt8]) -> [UInt8] {
        guard needsEscapes(json) else { return json }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(json.count + 64)
        var last: Unicode.Scalar?
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            let isSecond = scalar == last && (scalar == "#" || scalar == ":")
            // A line feed between two texts is no part of a string, in which there can be none.
            if isSecond || scalar.value >= 0x7F && !isVisible(scalar) {
                for unit in String(scalar).utf16 {
                    bytes += "\\u".utf8
                    bytes += Hex.encode([UInt8(unit >> 8), UInt8(unit & 0xFF)])
                }
            } else {
                bytes += String(scalar).utf8
            }
            last = scalar
        }
        return bytes
    }

    private static func needsEscapes(_ json: [UInt8]) -> Bool {
        var last: UInt8 = 0
        for byte in json {
            if byte >= 0x7F { return firstInvalidUTF8(in: json) == nil }
            if byte == last, byte == UInt8(ascii: "#") || byte == UInt8(ascii: ":") { return true }
            last = byte
        }
        return false
    }
}
