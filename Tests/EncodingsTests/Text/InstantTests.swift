import CloseoutEncodings
import Testing

@Suite struct InstantTests {
    @Test(
        "reads and writes instants of the whole range",
        arguments: [
            ("0001-01-01T00:00:00Z", -62_135_596_800), ("1969-12-31T23:59:59Z", -1),
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:34:56Z", 951_827_696),
            ("2024-02-29T00:00:00Z", 1_709_164_800), ("2026-11-23T12:00:00Z", 1_795_435_200),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ])
    func roundTrip(text: String, seconds: Int64) throws {
        let instant = try #require(Instant(parsing: Array(text.utf8)))
        #expect(instant.secondsSince1970 == seconds)
        #expect(Instant(secondsSince1970: seconds) == instant)
        #expect(instant.description == text)
    }

    @Test(
        "refuses every other form, and days and times that do not exist",
        arguments: [
            "", "2026-11-23", "2026-11-23T12:00:00", "2026-11-23T12:00:00z", "2026-11-23t12:00:00Z",
            "2026-11-23 12:00:00Z", "2026-11-23T12:00:00.0Z", "2026-11-23T12:00:00+00:00",
            "2026-11-23T12:00Z", "2026-11-23T12:00:00Z\n", " 2026-11-23T12:00:00Z",
            "2026-11-23T24:00:00Z", "2026-11-23T12:60:00Z", "2026-12-31T23:59:60Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
            "2026-04-31T00:00:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
            "0000-01-01T00:00:00Z", "+026-01-01T00:00:00Z", "20/6-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z", "٢٠٢٦-01-01T00:00:00Z",
        ])
    func refuses(text: String) {
        #expect(Instant(parsing: Array(text.utf8)) == nil)
    }

    @Test("days of 10,000 years ascend and read back as themselves")
    func calendar() throws {
        var instant = try #require(Instant(parsing: Array("0001-01-01T00:00:00Z".utf8)))
        var failures: [Instant] = []
        while let next = instant.adding(seconds: 97 * 86_400 + 3_601) {
            let isAscending = instant.bytes.lexicographicallyPrecedes(next.bytes)
            if !isAscending || Instant(parsing: next.bytes) != next { failures.append(next) }
            instant = next
        }
        #expect(failures.isEmpty)
    }

    @Test("every month has its days and no more, in leap years and others")
    func months() {
        let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for (year, isLeap) in [(1900, false), (2000, true), (2023, false), (2024, true)] {
            for (month, count) in zip(1..., days) {
                let last = month == 2 && isLeap ? 29 : count
                let existing = (1...31).filter { day in
                    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
                    let text = "\(year)-\(two(month))-\(two(day))T00:00:00Z"
                    return Instant(parsing: Array(text.utf8))?.description == text
                }
                #expect(existing.count == last && existing.last == last)
            }
        }
    }

    @Test("arithmetic that leaves the years 1 to 9999, or the integers, has no result")
    func bounds() throws {
        let last = try #require(Instant(secondsSince1970: 253_402_300_799))
        #expect(last.adding(seconds: 1) == nil)
        #expect(last.adding(seconds: .max) == nil)
        #expect(last.adding(seconds: -253_402_300_799)?.description == "1970-01-01T00:00:00Z")
        #expect(Instant(secondsSince1970: -62_135_596_801) == nil)
        let epoch = try #require(Instant(secondsSince1970: 0))
        #expect(epoch < last)
    }
}
