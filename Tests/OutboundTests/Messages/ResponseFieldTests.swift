import CloseoutEncodings
import CloseoutOutbound
import Testing

@Suite("Fields of responses")
struct ResponseFieldTests {
    private static let november = Instant(parsing: Array("1994-11-06T08:49:37Z".utf8))

    @Test("a number of seconds or a date is read")
    func reads() throws {
        let date = try #require(Self.november)
        #expect(RetryAfter("0") == .seconds(0))
        #expect(RetryAfter("120") == .seconds(120))
        #expect(RetryAfter("9999999999") == .seconds(9_999_999_999))
        for longer in ["10000000000", "99999999999999999999999999"] {
            #expect(RetryAfter(longer) == .seconds(9_999_999_999))
        }
        #expect(RetryAfter("Sun, 06 Nov 1994 08:49:37 GMT") == .date(date))
    }

    @Test(
        "anything else is not, and nothing of it is kept",
        arguments: [
            "", "-1", "+1", "1.5", "1 ", "soon", "１２０", "1, 2",
            "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z",
            "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
            "Xxx, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:49:60 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
            "Sun  06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov -994 08:49:37 GMT",
        ])
    func refuses(text: String) {
        #expect(RetryAfter(text) == .unreadable)
    }

    @Test("the longest wait of all fields counts, a date that has passed is none")
    func longestCounts() throws {
        let date = try #require(Self.november)
        let now = try #require(date.adding(seconds: -100))
        func wait(_ retries: RetryAfter...) -> Int64? {
            ResponseHead(status: 429, retryAfter: retries, date: nil).wait(asOf: now)
        }
        #expect(wait() == nil)
        #expect(wait(.unreadable) == nil)
        #expect(wait(.seconds(7), .date(date)) == 100)
        #expect(wait(.date(date), .seconds(700), .unreadable) == 700)
        let later = try #require(date.adding(seconds: 1))
        let passed = ResponseHead(status: 503, retryAfter: [.date(date)], date: nil)
        #expect(passed.wait(asOf: later) == 0)
    }
}
