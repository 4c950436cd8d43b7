/// Lower-case hexadecimal; no other form is read.
package enum Hex {
    /// Writes each byte as two digits.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            digits.append(digit(byte >> 4))
            digits.append(digit(byte & 0x0F))
        }
        return digits
    }

    /// Writes each byte as two digits, as text.
    package static func string(_ bytes: [UInt8]) -> String {
        String(decoding: encode(bytes), as: UTF8.self)
    }

    /// Reads pairs of digits; nil for an odd count or any byte that is no lower-case digit.
    package static func decode(_ digits: [UInt8]) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// Writes a word as 16 digits, eight of them at a time.
    static func write(_ word: UInt64, to digits: inout MutableSpan<UInt8>, at start: Int) {
        let (high, low) = (eightDigits(word >> 32), eightDigits(word & 0xFFFF_FFFF))
        for index in 0..<8 {
            let shift = UInt64(56 - 8 * index)
            digits[start + index] = UInt8(truncatingIfNeeded: high >> shift)
            digits[start + 8 + index] = UInt8(truncatingIfNeeded: low >> shift)
        }
    }

    /// Reads 16 digits; nil when one of them is none.
    static func word(_ digits: Span<UInt8>, at start: Int) -> UInt64? {
        guard let high = number(of: digits.extracting(start..<start + 8)),
            let low = number(of: digits.extracting(start + 8..<start + 16))
        else { return nil }
        return high << 32 | low
    }

    /// Reads eight digits, one in each byte of a word; nil when one of them is none.
    private static func number(of digits: Span<UInt8>) -> UInt64? {
        var word: UInt64 = 0
        for index in digits.indices { word = word << 8 | UInt64(digits[index]) }
        // Letters have a bit that figures lack, and their lower half counts from 1.
        let letters = word >> 6 & 0x0101_0101_0101_0101
        var number = (word & 0x0F0F_0F0F_0F0F_0F0F) &+ letters &* 9
        number = (number | number >> 4) & 0x00FF_00FF_00FF_00FF
        number = (number | number >> 8) & 0x0000_FFFF_0000_FFFF
        number = (number | number >> 16) & 0xFFFF_FFFF
        return eightDigits(number) == word ? number : nil
    }

    /// The digits of a number below 2^32, one in each byte.
    private static func eightDigits(_ number: UInt64) -> UInt64 {
        var nibbles = number
        nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // Adding 6 carries into the upper half of a byte exactly where its digit is a letter.
        let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }
}
