package import CloseoutEncodings

/// A time as another system wrote it, and how it was read (docs/import.md, "Times").
package struct ForeignTime: Equatable, Sendable {
    /// What the text left open.
    package enum Reading: Sendable {
        /// Nothing.
        case exact
        /// It is a date: it was read as the first second of that day in UTC.
        case date
        /// It names no zone: it was read as UTC.
        case withoutZone
    }

    /// Where it is.
    package let place: String
    /// What is there.
    package let text: String
    /// The instant that it was read as.
    package let instant: Instant
    /// What had to be assumed for that.
    package let reading: Reading

    /// Reads a date, or a date and time with or without a fraction and a zone; nil for anything
    /// else.
    package init?(parsing bytes: [UInt8], at place: String = "") {
        self.place = place
        text = String(decoding: bytes, as: UTF8.self)
        if let midnight = Instant(parsing: bytes + Array("T00:00:00Z".utf8)) {
            (instant, reading) = (midnight, .date)
            return
        }
        guard bytes.count >= 19,
            let local = Instant(parsing: bytes[..<19] + [UInt8(ascii: "Z")]),
            let rest = Self.withoutFraction(bytes[19...])
        else { return nil }
        switch Array(rest) {
        case []: (instant, reading) = (local, .withoutZone)
        case [UInt8(ascii: "Z")]: (instant, reading) = (local, .exact)
        case let zone:
            guard let offset = Self.seconds(ofOffset: zone),
                let shifted = local.adding(seconds: -offset)
            else { return nil }
            (instant, reading) = (shifted, .exact)
        }
    }

    /// What follows a fraction of 1 to 9 digits; nil where the fraction has none or more.
    private static func withoutFraction(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard text.first == UInt8(ascii: ".") else { return text }
        let digits = text.dropFirst().prefix(while: \.isDigit)
        return (1...9).contains(digits.count) ? text.dropFirst(1 + digits.count) : nil
    }

    /// The seconds of `+HH:MM` or `-HH:MM`.
    private static func seconds(ofOffset text: [UInt8]) -> Int64? {
        let digits = [1, 2, 4, 5]
        guard text.count == 6, text[3] == UInt8(ascii: ":"),
            digits.allSatisfy({ text[$0].isDigit })
        else { return nil }
        let values = digits.map { Int64(text[$0] - 0x30) }
        let (hours, minutes) = (values[0] * 10 + values[1], values[2] * 10 + values[3])
        guard hours < 24, minutes < 60 else { return nil }
        let seconds = hours * 3600 + minutes * 60
        switch text[0] {
        case UInt8(ascii: "+"): return seconds
        case UInt8(ascii: "-"): return -seconds
        default: return nil
        }
    }
}
