package import CloseoutEncodings

/// One `Retry-After` field (RFC 9110, section 10.2.3).
package enum RetryAfter: Hashable, Sendable {
    /// A number of seconds.
    case seconds(Int64)
    /// An instant.
    case date(Instant)
    /// Something else.
    case unreadable

    /// The most seconds: those of 10 digits.
    static let longest: Int64 = 9_999_999_999

    /// Reads a value.
    package init(_ text: String) {
        let digits = text.utf8
        if !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) {
            // What is longer than any wait is the longest, and no reason to come back at once.
            self = .seconds(min(Int64(text) ?? Self.longest, Self.longest))
        } else {
            self = HTTPDate.instant(text).map { .date($0) } ?? .unreadable
        }
    }

    /// The seconds from an instant on, 0 where the date has passed; nil where the value cannot be read.
    package func seconds(from now: Instant) -> Int64? {
        switch self {
        case .seconds(let seconds): seconds
        case .date(let date): max(0, date.secondsSince1970 - now.secondsSince1970)
        case .unreadable: nil
        }
    }
}

/// Dates of header fields (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the form in which dates are to be written; nil for another one.
    ///
    /// The day of the week is not compared with the date.
    package static func instant(_ text: String) -> Instant? {
        guard text.utf8.count == 29 else { return nil }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].last == ",", days.contains(String(words[0].dropLast())),
            let month = months.firstIndex(of: String(words[2])), words[5] == "GMT"
        else { return nil }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        return Instant(parsing: Array("\(words[3])-\(number)-\(words[1])T\(words[4])Z".utf8))
    }
}
