/// Line ends and other characters as JSON, XML, URLs and shells write them inside of a string.
enum TextEscapes {
    /// Whether a byte is a blank or begins or ends a line.
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// Whether a byte begins an escape.
    static func begin(with byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "%")
    }

    /// Takes a line end that is written as an escape, however often its backslash is escaped itself;
    /// where there is none, takes nothing and returns false.
    static func takeLineEnd(_ units: inout TextUnits, _ text: Span<UInt8>) -> Bool {
        var behind = units
        guard let byte = take(&behind, text), byte == 0x0A || byte == 0x0D else { return false }
        units = behind
        return true
    }

    /// Takes one escape for an ASCII character: `\n`, `\\n`, `\u000a`, `\/`, `&#10;`, `%0a`; nil where
    /// none is next.
    static func take(_ units: inout TextUnits, _ text: Span<UInt8>) -> UInt8? {
        switch units.next(text) {
        case UInt8(ascii: "\\"): backslashed(&units, text)
        case UInt8(ascii: "&"): reference(&units, text)
        case UInt8(ascii: "%"): percented(&units, text)
        default: nil
        }
    }

    private static func backslashed(_ units: inout TextUnits, _ text: Span<UInt8>) -> UInt8? {
        _ = units.skip(UInt8(ascii: "\\"), text)
        guard let letter = units.next(text) else { return nil }
        switch letter {
        case UInt8(ascii: "n"), 0x0A: return 0x0A
        case UInt8(ascii: "r"), 0x0D: return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "/"), UInt8(ascii: "\""): return letter
        case UInt8(ascii: "u"):
            var code: UInt32 = 0
            for _ in 0..<4 {
                guard let digit = units.next(text).flatMap(hexadecimal) else { return nil }
                code = code << 4 | digit
            }
            return code < 0x80 ? UInt8(code) : nil
        default: return nil
        }
    }

    private static func reference(_ units: inout TextUnits, _ text: Span<UInt8>) -> UInt8? {
        guard units.next(text) == UInt8(ascii: "#"), let base = units.next(text),
            let digit = units.next(text), units.next(text) == UInt8(ascii: ";")
        else { return nil }
        switch (base | 0x20, digit | 0x20) {
        case (0x31, 0x30), (0x78, 0x61): return 0x0A
        case (0x31, 0x33), (0x78, 0x64): return 0x0D
        default: return nil
        }
    }

    private static func percented(_ units: inout TextUnits, _ text: Span<UInt8>) -> UInt8? {
        guard units.next(text) == UInt8(ascii: "0"), let digit = units.next(text) else {
            return nil
        }
        switch digit | 0x20 {
        case 0x61: return 0x0A
        case 0x64: return 0x0D
        default: return nil
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt32? {
        switch digit {
        case 0x30...0x39: UInt32(digit - 0x30)
        case 0x41...0x46, 0x61...0x66: UInt32((digit | 0x20) - 0x61) + 10
        default: nil
        }
    }
}
