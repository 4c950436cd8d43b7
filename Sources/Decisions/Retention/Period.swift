package import CloseoutEncodings

/// Years, months and days of the calendar, such as `P7Y` or `P1Y6M` (docs/criteria.md, "Period").
package struct Period: Equatable, Sendable, CustomStringConvertible {
    /// Whole years.
    package let years: Int
    /// Whole months.
    package let months: Int
    /// Whole days.
    package let days: Int

    init(years: Int, months: Int, days: Int) {
        self.years = years
        self.months = months
        self.days = days
    }

    /// Reads `P`, then numbers with Y, M and D in this order, each once at most and one at least.
    package init?(parsing text: [UInt8]) {
        guard text.first == UInt8(ascii: "P"), text.count > 1 else { return nil }
        var rest = text.dropFirst()
        var numbers: [Int] = []
        for unit in Array("YMD".utf8) {
            let digits = rest.prefix(while: \.isDigit)
            guard (1...5).contains(digits.count), rest.dropFirst(digits.count).first == unit else {
                numbers.append(0)
                continue
            }
            numbers.append(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
            rest = rest.dropFirst(digits.count + 1)
        }
        guard rest.isEmpty else { return nil }
        (years, months, days) = (numbers[0], numbers[1], numbers[2])
    }

    /// The form that `init(parsing:)` reads, without what is zero.
    package var description: String {
        let parts = [(years, "Y"), (months, "M"), (days, "D")].filter { $0.0 > 0 }
        return "P" + (parts.isEmpty ? "0D" : parts.map { "\($0.0)\($0.1)" }.joined())
    }

    /// The instant at which the period covers that began at another: years and months first, by
    /// the calendar and no further than the end of the month, then days of 24 hours.
    ///
    /// - Returns: nil past the year 9999.
    package func end(from start: Instant) -> Instant? {
        let text = start.bytes
        let number = { (range: Range<Int>) in
            text[range].reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        }
        let month = number(0..<4) * 12 + number(5..<7) - 1 + years * 12 + months
        let (year, monthOfYear) = (month / 12, month % 12 + 1)
        guard year <= 9999 else { return nil }
        let time = String(decoding: text[10...], as: UTF8.self)
        for day in (1...number(8..<10)).reversed() {
            let date = "\(padded(year, 4))-\(padded(monthOfYear, 2))-\(padded(day, 2))\(time)"
            guard let instant = Instant(parsing: Array(date.utf8)) else { continue }
            return instant.adding(seconds: Int64(days) * 86_400)
        }
        return nil
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension JSONItem {
    /// The value as a period.
    ///
    /// - Throws: `JSONShapeError`.
    func period() throws(JSONShapeError) -> Period {
        guard let period = Period(parsing: try bytes()) else {
            throw invalid("must be years, months and days, such as P7Y or P1Y6M")
        }
        return period
    }
}
