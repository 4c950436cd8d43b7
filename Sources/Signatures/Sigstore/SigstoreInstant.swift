import CloseoutEncodings

/// An instant with a fraction of a second, as trusted roots and certificate time-stamps state it.
struct SigstoreInstant: Comparable, Hashable, Sendable {
    /// Whole seconds since 1970.
    let seconds: Int64
    /// Nanoseconds above them, below 10^9.
    let nanoseconds: Int64

    init(seconds: Int64, nanoseconds: Int64 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Reads RFC 3339 in UTC, with up to nine digits of a fraction; nil for any other form.
    init?(parsing text: [UInt8]) {
        let z = UInt8(ascii: "Z")
        guard text.count >= 20, text.last == z,
            let whole = Instant(parsing: Array(text.prefix(19)) + [z])
        else { return nil }
        let rest = text.dropFirst(19).dropLast()
        let digits = rest.dropFirst()
        guard rest.isEmpty || rest.first == UInt8(ascii: ".") && (1...9).contains(digits.count),
            digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
        else { return nil }
        let padded = Array(digits) + [UInt8](repeating: UInt8(ascii: "0"), count: 9 - digits.count)
        seconds = whole.secondsSince1970
        nanoseconds = padded.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// The first whole second that is not before it.
    var roundedUp: Int64 { nanoseconds > 0 ? seconds + 1 : seconds }

    static func < (left: SigstoreInstant, right: SigstoreInstant) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension SigstoreInstant: CustomStringConvertible {
    var description: String {
        guard let whole = Instant(secondsSince1970: seconds) else { return "\(seconds) s" }
        guard nanoseconds > 0 else { return "\(whole)" }
        let digits = String(nanoseconds + 1_000_000_000).dropFirst()
        let end = digits.lastIndex { $0 != "0" } ?? digits.startIndex
        return "\("\(whole)".dropLast()).\(digits[...end])Z"
    }
}

/// When a key or an authority of a trusted root counts; both ends are included.
struct SigstoreWindow: Equatable, Sendable {
    /// The first instant.
    let start: SigstoreInstant
    /// The last instant; nil where there is none.
    let end: SigstoreInstant?

    func contains(_ instant: SigstoreInstant) -> Bool {
        instant >= start && end.map { instant <= $0 } ?? true
    }
}

extension SigstoreWindow: CustomStringConvertible {
    var description: String { "\(start) to \(end.map { "\($0)" } ?? "no end")" }
}
