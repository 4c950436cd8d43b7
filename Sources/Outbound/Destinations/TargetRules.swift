import CloseoutEncodings

/// What the path and query of a destination may hold: what RFC 3986 has for them, and no dot segments.
enum TargetRules {
    private static let marks = Set("-._~!$&'()*+,;=:@/?".utf8)

    /// Reads path and query as they stand behind the host.
    ///
    /// - Throws: the first reason to refuse them.
    static func confirm(_ target: ArraySlice<UInt8>) throws(DestinationRefusal) {
        var index = target.startIndex
        while index < target.endIndex {
            let byte = target[index]
            if byte == UInt8(ascii: "%") {
                guard let value = escaped(target, at: index) else { throw .malformedEscape }
                guard value >= 0x20, value != 0x7f else { throw .escapedControlCharacter }
                index += 3
                continue
            }
            guard isAlphanumeric(byte) || marks.contains(byte) else { throw .malformedTarget }
            index += 1
        }
        let path = target.prefix { $0 != UInt8(ascii: "?") }
        guard !hasDotSegment(path) else { throw .dotSegment }
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// Whether a segment is `.` or `..` for any receiver.
    ///
    /// Some decode twice, take `%2f` and `\` for separators, or drop what follows a `;` in a segment.
    private static func hasDotSegment(_ path: ArraySlice<UInt8>) -> Bool {
        var text = Array(path)
        while true {
            let separators: Set<UInt8> = [UInt8(ascii: "/"), UInt8(ascii: "\\")]
            let segments = text.split(omittingEmptySubsequences: false) { separators.contains($0) }
            let dots: [[UInt8]] = [Array(".".utf8), Array("..".utf8)]
            if segments.contains(where: {
                dots.contains(Array($0.prefix { $0 != UInt8(ascii: ";") }))
            }) {
                return true
            }
            let decoded = decode(text)
            // Decoding makes a text shorter or leaves it as it is.
            guard decoded.count < text.count else { return false }
            text = decoded
        }
    }

    /// The bytes with each `%` and two digits replaced by what they mean.
    private static func decode(_ text: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = 0
        while index < text.count {
            let value = text[index] == UInt8(ascii: "%") ? escaped(text[...], at: index) : nil
            decoded.append(value ?? text[index])
            index += value == nil ? 1 : 3
        }
        return decoded
    }

    /// The byte that `%` and two hexadecimal digits mean.
    private static func escaped(_ text: ArraySlice<UInt8>, at index: Int) -> UInt8? {
        guard index + 2 < text.endIndex, let high = IPAddress.hexDigit(text[index + 1]),
            let low = IPAddress.hexDigit(text[index + 2])
        else { return nil }
        return high << 4 | low
    }
}
