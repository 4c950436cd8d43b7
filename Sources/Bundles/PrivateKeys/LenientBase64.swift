/// Base64 as people paste it: padded or not, of either alphabet, wrapped at any width by line ends,
/// quotes or escapes; read byte by byte, so that who reads can stop at the first that is wrong.
struct LenientBase64 {
    /// What is left of the text.
    private(set) var units: TextUnits
    private var bits: UInt32 = 0
    /// How many letters were taken.
    private(set) var letters = 0

    /// Begins where `units` do.
    init(_ units: TextUnits) {
        self.units = units
    }

    /// Decodes the first letters of a text, up to what is none.
    static func decode(_ text: [UInt8], letters: Int) -> [UInt8] {
        var reader = LenientBase64(TextUnits(place: 0, end: text.count, isWide: false))
        return reader.bytes(text.span, letters: letters)
    }

    /// Decodes so many letters, together with those that were taken before; returns the bytes that
    /// these complete.
    mutating func bytes(_ text: Span<UInt8>, letters most: Int) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity((most - letters) * 3 / 4 + 1)
        while letters < most, let value = value(text) {
            bits = bits << 6 | value
            letters += 1
            if letters % 4 != 1 { decoded.append(completed) }
        }
        return decoded
    }

    /// The next byte; nil at what is no letter.
    mutating func next(_ text: Span<UInt8>) -> UInt8? {
        repeat {
            guard let value = value(text) else { return nil }
            bits = bits << 6 | value
            letters += 1
        } while letters % 4 == 1
        return completed
    }

    /// The byte that the last letter completed.
    private var completed: UInt8 {
        let count = UInt32(letters % 4)
        return UInt8(truncatingIfNeeded: bits >> (count == 0 ? 0 : 8 - 2 * count))
    }

    /// Takes the next letter; nil where none is next.
    private mutating func value(_ text: Span<UInt8>) -> UInt32? {
        while var byte = units.peek(text) {
            if let value = Self.value(of: byte) {
                units.place += 1
                return value
            }
            if TextEscapes.begin(with: byte) {
                guard let escaped = TextEscapes.take(&units, text) else { return nil }
                byte = escaped
                if let value = Self.value(of: byte) { return value }
            } else {
                units.place += 1
            }
            guard Self.isPassedOver(byte) else { return nil }
        }
        return nil
    }

    /// Whether a byte may be between letters: blanks, line ends, quotes and commas.
    private static func isPassedOver(_ byte: UInt8) -> Bool {
        TextEscapes.isBlank(byte) || byte == 0x22 || byte == 0x27 || byte == 0x2C
    }

    /// The value of a letter of either alphabet; nil for all others.
    private static func value(of letter: UInt8) -> UInt32? {
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
