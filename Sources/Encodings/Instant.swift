/// A whole second of UTC, in the years 1 to 9999 of the Gregorian calendar.
///
/// Its one form as text is `YYYY-MM-DDTHH:MM:SSZ`, the strictest profile of RFC 3339: no fraction, no
/// offset, no leap second. Implements "Instants" of docs/bundle.md.
package struct Instant: Comparable, Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let secondsSince1970: Int64

    private static let bounds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
    private static let secondsPerDay: Int64 = 86_400

    /// The instant a number of seconds after 1970 began; nil outside of the years 1 to 9999.
    package init?(secondsSince1970: Int64) {
        guard Self.bounds.contains(secondsSince1970) else { return nil }
        self.secondsSince1970 = secondsSince1970
    }

    /// The instant a number of seconds later, or earlier when negative; nil outside of the years.
    package func adding(seconds: Int64) -> Instant? {
        let (sum, overflow) = secondsSince1970.addingReportingOverflow(seconds)
        return overflow ? nil : Instant(secondsSince1970: sum)
    }

    package static func < (a: Instant, b: Instant) -> Bool {
        a.secondsSince1970 < b.secondsSince1970
    }
}

extension Instant {
    /// Reads exactly `YYYY-MM-DDTHH:MM:SSZ`; nil for any other form and for days that do not exist.
    package init?(parsing text: [UInt8]) {
        guard text.count == 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"), text[19] == UInt8(ascii: "Z"),
            let year = Self.number(text[0..<4]), let month = Self.number(text[5..<7]),
            let day = Self.number(text[8..<10]), let hour = Self.number(text[11..<13]),
            let minute = Self.number(text[14..<16]), let second = Self.number(text[17..<19])
        else { return nil }
        guard year >= 1, (1...12).contains(month), day >= 1,
            day <= Self.days(inMonth: month, of: year), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = Self.daysSince1970(year: year, month: month, day: day)
        secondsSince1970 = days * Self.secondsPerDay + hour * 3600 + minute * 60 + second
    }

    /// The number that decimal digits write; nil where one of them is none.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var number: Int64 = 0
        for byte in digits {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int64(digit)
        }
        return number
    }

    /// The form that `init(parsing:)` reads, as bytes.
    package var bytes: [UInt8] {
        let (days, rest) = secondsSince1970.flooredDivision(by: Self.secondsPerDay)
        let date = Self.date(daysSince1970: days)
        var text: [UInt8] = []
        text.reserveCapacity(20)
        for (value, width, separator) in [
            (date.year, 4, "-"), (date.month, 2, "-"), (date.day, 2, "T"),
            (rest / 3600, 2, ":"), (rest / 60 % 60, 2, ":"), (rest % 60, 2, "Z"),
        ] {
            let digits = Array(String(value).utf8)
            text += repeatElement(UInt8(ascii: "0"), count: width - digits.count)
            text += digits
            text += separator.utf8
        }
        return text
    }
}

extension Instant: CustomStringConvertible {
    package var description: String {
        String(decoding: bytes, as: UTF8.self)
    }
}

// Days are counted in years that begin on 1 March, so that the leap day is the last of its year, and
// in eras of 400 years, which all have the same number of days.
extension Instant {
    private static let daysPerEra: Int64 = 146_097
    private static let daysFromEraToEpoch: Int64 = 719_468

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }

    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let (era, yearOfEra) = marchYear.flooredDivision(by: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * daysPerEra + dayOfEra - daysFromEraToEpoch
    }

    private static func date(
        daysSince1970 days: Int64
    ) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + daysFromEraToEpoch).flooredDivision(by: daysPerEra)
        let leapDays = dayOfEra / 1460 - dayOfEra / 36524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = (marchMonth + 2) % 12 + 1
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    /// Divides so that the remainder is never negative; the divisor is positive.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
