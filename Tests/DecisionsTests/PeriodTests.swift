import CloseoutDecisions
import CloseoutEncodings
import Testing

@Suite("A period")
struct PeriodTests {
    private func end(_ period: String, from start: String) throws -> String? {
        let period = try #require(Period(parsing: Array(period.utf8)))
        return period.end(from: try #require(Instant(parsing: Array(start.utf8))))?.description
    }

    @Test(
        "ends by the calendar, and no later than the end of the month",
        arguments: [
            ("P7Y", "2026-05-01T12:30:00Z", "2033-05-01T12:30:00Z"),
            ("P1M", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"),
            ("P1M", "2028-01-31T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("P1Y", "2028-02-29T00:00:00Z", "2029-02-28T00:00:00Z"),
            ("P1Y14M3D", "2026-11-30T23:59:59Z", "2029-02-02T23:59:59Z"),
            ("P90D", "2026-11-23T00:00:00Z", "2027-02-21T00:00:00Z"),
        ])
    func ends(period: String, start: String, end: String) throws {
        #expect(try self.end(period, from: start) == end)
    }

    @Test("has no end past the year 9999")
    func overflows() throws {
        #expect(try end("P8000Y", from: "2026-05-01T00:00:00Z") == nil)
    }

    @Test(
        "is refused in any other form",
        arguments: ["", "P", "7Y", "P7", "P1M1Y", "P1.5Y", "PT1H", "P1Y "])
    func refuses(text: String) {
        #expect(Period(parsing: Array(text.utf8)) == nil)
    }
}
