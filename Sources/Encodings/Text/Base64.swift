/// Base64 by RFC 4648, read strictly: each value has one encoding, and no other is taken.
///
/// No white space, no missing or superfluous padding, no bits set beyond the value.
package enum Base64 {
    /// Writes padded base64 of the standard alphabet.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(letter(UInt8(truncatingIfNeeded: bits >> bitCount & 0x3F)))
            }
        }
        if bitCount > 0 {
            text.append(letter(UInt8(truncatingIfNeeded: bits << (6 - bitCount) & 0x3F)))
        }
        while !text.count.isMultiple(of: 4) { text.append(padding) }
        return text
    }

    /// Writes padded base64 of the standard alphabet, as text.
    package static func string(_ bytes: [UInt8]) -> String {
        String(decoding: encode(bytes), as: UTF8.self)
    }

    /// Reads padded base64 of the standard alphabet; nil for anything else.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        return decode(letters: withoutPadding(text), alphabet: .standard)
    }

    /// Reads unpadded base64 of the URL-safe alphabet; nil for anything else.
    package static func decodeURL(_ text: [UInt8]) -> [UInt8]? {
        decode(letters: text[...], alphabet: .urlSafe)
    }

    /// Reads base64 of either alphabet, padded or not, as DSSE demands of its readers.
    ///
    /// Nil when the two alphabets are mixed, padding is partial, or bits are set beyond the value.
    package static func decodeAnyAlphabet(_ text: [UInt8]) -> [UInt8]? {
        let letters = withoutPadding(text)
        guard letters.count == text.count || text.count.isMultiple(of: 4) else { return nil }
        return decode(letters: letters, alphabet: .standard)
            ?? decode(letters: letters, alphabet: .urlSafe)
    }

    private enum Alphabet {
        case standard
        case urlSafe
    }

    private static let padding = UInt8(ascii: "=")

    private static func withoutPadding(_ text: [UInt8]) -> ArraySlice<UInt8> {
        var letters = text[...]
        for _ in 0..<2 where letters.last == padding { letters.removeLast() }
        return letters
    }

    private static func decode(letters: ArraySlice<UInt8>, alphabet: Alphabet) -> [UInt8]? {
        guard letters.count % 4 != 1 else { return nil }
        let values = alphabet == .standard ? standardValues : urlSafeValues
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count * 3 / 4)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for letter in letters {
            let value = values[Int(letter)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
                bits &= 1 << bitCount - 1
            }
        }
        return bits == 0 ? bytes : nil
    }

    private static func letter(_ value: UInt8) -> UInt8 {
        switch value {
        case ..<26: UInt8(ascii: "A") + value
        case ..<52: UInt8(ascii: "a") + (value - 26)
        case ..<62: UInt8(ascii: "0") + (value - 52)
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    /// The value of each byte as a letter; 64 where it is none.
    private static let standardValues = (0...UInt8.max).map { value($0, .standard) ?? 64 }
    private static let urlSafeValues = (0...UInt8.max).map { value($0, .urlSafe) ?? 64 }

    private static func value(_ letter: UInt8, _ alphabet: Alphabet) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
        case alphabet == .standard ? UInt8(ascii: "+") : UInt8(ascii: "-"): 62
        case alphabet == .standard ? UInt8(ascii: "/") : UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
