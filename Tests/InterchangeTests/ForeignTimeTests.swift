import CloseoutEncodings
import CloseoutInterchange
import Testing

@Suite("A time of another system")
struct ForeignTimeTests {
    @Test(
        "is read as one instant, and what was assumed is said",
        arguments: [
            ("2026-05-31T08:30:00Z", "2026-05-31T08:30:00Z", ForeignTime.Reading.exact),
            ("2026-05-31T08:30:00.999999+00:00", "2026-05-31T08:30:00Z", .exact),
            ("2026-05-31T08:30:00.5Z", "2026-05-31T08:30:00Z", .exact),
            ("2026-05-31T00:30:00+02:00", "2026-05-30T22:30:00Z", .exact),
            ("2026-05-31T23:30:00-09:30", "2026-06-01T09:00:00Z", .exact),
            ("2026-05-31T08:30:00", "2026-05-31T08:30:00Z", .withoutZone),
            ("2026-05-31T08:30:00.25", "2026-05-31T08:30:00Z", .withoutZone),
            ("2026-05-31", "2026-05-31T00:00:00Z", .date),
            ("2024-02-29", "2024-02-29T00:00:00Z", .date),
        ])
    func reads(text: String, instant: String, reading: ForeignTime.Reading) throws {
        let time = try #require(ForeignTime(parsing: Array(text.utf8)))
        #expect(time.instant.description == instant)
        #expect(time.reading == reading)
        #expect(time.text == text)
    }

    @Test(
        "is refused where it is none",
        arguments: [
            "", "2026", "2026-5-31", "2026-02-29", "31.05.2026", "2026-05-31 08:30:00",
            "2026-05-31T08:30", "2026-05-31T08:30:00.", "2026-05-31T08:30:00.1234567890Z",
            "2026-05-31T08:30:00+2:00", "2026-05-31T08:30:00+24:00", "2026-05-31T08:30:00+00:60",
            "2026-05-31T08:30:00z", "2026-05-31T08:30:00ZZ", "2026-05-31T24:00:00Z",
            "9999-12-31T23:59:59-00:01", "0001-01-01T00:00:00+00:01", "2026-05-31T08:30:00 00:00",
        ])
    func refuses(text: String) {
        #expect(ForeignTime(parsing: Array(text.utf8)) == nil)
    }
}
