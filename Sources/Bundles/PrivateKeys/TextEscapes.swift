/// Line ends and other characters as JSON, XML, URLs and shells write them inside of a string.
enum TextEscapes {
    /// Whether text begins with a line end that is written as an escape, however often its
    /// backslash is escaped itself.
    static func beginsWithLineEnd(_ text: ArraySlice<UInt8>) -> Bool {
        lineEnd(text) ?? 0 > 1
    }

    /// How long the line end is that the text begins with, as it is or as an escape; nil for none.
    static func lineEnd(_ text: ArraySlice<UInt8>) -> Int? {
        switch text.first {
        case 0x0A, 0x0D: return 1
        case UInt8(ascii: "\\"):
            guard let escape = Escape(text) else { return nil }
            return [0x0A, 0x0D].contains(escape.byte) ? escape.length : nil
        case UInt8(ascii: "&"), UInt8(ascii: "%"):
            let start = String(decoding: text.prefix(5), as: UTF8.self).lowercased()
            return ["&#10;", "&#13;", "&#xa;", "&#xd;", "%0a", "%0d"]
                .first { start.hasPrefix($0) }?.utf8.count
        default: return nil
        }
    }

    /// Whether a byte is a blank or begins or ends a line.
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// One escape that begins with backslashes: `\n`, `\\n`, `\u000a`, `\/`.
    struct Escape {
        /// What it stands for.
        let byte: UInt8
        /// How many bytes it has.
        let length: Int

        /// Reads an escape for an ASCII character.
        init?(_ text: ArraySlice<UInt8>) {
            let slashes = text.prefix { $0 == UInt8(ascii: "\\") }.count
            let rest = text.dropFirst(slashes)
            guard slashes > 0, let letter = rest.first else { return nil }
            switch letter {
            case UInt8(ascii: "n"), 0x0A: byte = 0x0A
            case UInt8(ascii: "r"), 0x0D: byte = 0x0D
            case UInt8(ascii: "t"): byte = 0x09
            case UInt8(ascii: "/"), UInt8(ascii: "\""): byte = letter
            case UInt8(ascii: "u"):
                let digits = String(decoding: rest.dropFirst().prefix(4), as: UTF8.self)
                guard digits.utf8.count == 4, let code = UInt8(digits, radix: 16), code < 0x80
                else { return nil }
                byte = code
                length = slashes + 5
                return
            default: return nil
            }
            length = slashes + 1
        }
    }
}

/// Base64 as people paste it: padded or not, of either alphabet, wrapped at any width by line ends,
/// quotes or escapes.
enum LenientBase64 {
    /// Decodes the first letters of a text, from `start` on, up to what is none.
    static func decode(_ text: [UInt8], from start: Int = 0, letters: Int) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(letters * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        var place = start
        while count < letters, place < text.count {
            var byte = text[place]
            var length = 1
            if byte == UInt8(ascii: "\\") {
                guard let escape = TextEscapes.Escape(text[place...]) else { break }
                (byte, length) = (escape.byte, escape.length)
            } else if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "%") {
                guard let end = TextEscapes.lineEnd(text[place...]) else { break }
                (byte, length) = (0x0A, end)
            }
            place += length
            guard let value = value(of: byte) else {
                if isPassedOver(byte) { continue }
                break
            }
            bits = bits << 6 | value
            count += 1
            append(bits, count, to: &decoded)
        }
        return decoded
    }

    /// Whether a byte may stand between letters: blanks, line ends, quotes and commas.
    static func isPassedOver(_ byte: UInt8) -> Bool {
        TextEscapes.isBlank(byte) || byte == 0x22 || byte == 0x27 || byte == 0x2C
    }

    /// Takes the byte that a letter completes.
    private static func append(_ bits: UInt32, _ count: Int, to decoded: inout [UInt8]) {
        switch count % 4 {
        case 2: decoded.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3: decoded.append(UInt8(truncatingIfNeeded: bits >> 2))
        case 0: decoded.append(UInt8(truncatingIfNeeded: bits))
        default: break
        }
    }

    /// What a letter of either alphabet stands for; nil for all others.
    static func value(of letter: UInt8) -> UInt32? {
        switch letter {
        case 0x41...0x5A: UInt32(letter - 0x41)
        case 0x61...0x7A: UInt32(letter - 0x61) + 26
        case 0x30...0x39: UInt32(letter - 0x30) + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
