/// An IPv4 or IPv6 address, as a number.
///
/// Its text has one form: dotted decimal for IPv4, the form of RFC 5952 for IPv6. There is no zone: an address
/// that needs one is link-local, and nothing is sent to those.
package struct IPAddress: Hashable, Sendable {
    /// The two kinds of address.
    package enum Family: Hashable, Sendable {
        /// Four bytes (RFC 791).
        case v4
        /// Sixteen bytes (RFC 4291).
        case v6

        /// The bits of an address: 32 or 128.
        package var bits: Int { self == .v4 ? 32 : 128 }
    }

    /// The kind of address.
    package let family: Family
    /// The address in network order; an IPv4 address is in the lowest 32 bits.
    package let value: UInt128

    /// The IPv4 address of a number.
    package init(v4 value: UInt32) {
        family = .v4
        self.value = UInt128(value)
    }

    /// The IPv6 address of a number.
    package init(v6 value: UInt128) {
        family = .v6
        self.value = value
    }

    /// Reads an address in any form that RFC 4291 has, and IPv4 as four decimal numbers.
    ///
    /// Nil for all else: other bases, short forms, zeros in front of a number, zones, brackets, blanks.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: ":")) else {
            guard let value = Self.dottedDecimal(bytes[...]) else { return nil }
            self.init(v4: value)
            return
        }
        guard let value = Self.groups(bytes) else { return nil }
        self.init(v6: value)
    }

    /// The address one above; nil for the last one.
    package var next: IPAddress? {
        let last: UInt128 = family == .v4 ? UInt128(UInt32.max) : .max
        guard value < last else { return nil }
        return family == .v4
            ? IPAddress(v4: UInt32(truncatingIfNeeded: value + 1)) : IPAddress(v6: value + 1)
    }

    /// The address one below; nil for the first one.
    package var previous: IPAddress? {
        guard value > 0 else { return nil }
        return family == .v4
            ? IPAddress(v4: UInt32(truncatingIfNeeded: value - 1)) : IPAddress(v6: value - 1)
    }
}

extension IPAddress {
    /// The number of an IPv4 address; nil unless it is four numbers up to 255 in their shortest form.
    private static func dottedDecimal(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard let number = decimal(part, limit: 255) else { return nil }
            value = value << 8 | UInt32(number)
        }
        return value
    }

    /// A decimal number in its shortest form; nil for another form, and above a limit.
    package static func decimal(_ digits: ArraySlice<UInt8>, limit: Int) -> Int? {
        guard let first = digits.first, digits.count <= 5 else { return nil }
        guard first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        var number = 0
        for byte in digits {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number <= limit ? number : nil
    }

    /// The number of an IPv6 address.
    private static func groups(_ text: [UInt8]) -> UInt128? {
        let halves = halves(text)
        guard let halves else { return nil }
        guard let front = parts(halves.front, mayEndDotted: halves.back == nil) else { return nil }
        guard let backText = halves.back else {
            return front.count == 8 ? number(front) : nil
        }
        guard let back = parts(backText, mayEndDotted: true) else { return nil }
        let missing = 8 - front.count - back.count
        guard missing >= 1 else { return nil }
        return number(front + Array(repeating: 0, count: missing) + back)
    }

    /// What stands before and behind `::`, the second nil where there is none.
    private static func halves(
        _ text: [UInt8]
    ) -> (front: ArraySlice<UInt8>, back: ArraySlice<UInt8>?)? {
        let colon = UInt8(ascii: ":")
        let doubles = text.indices.dropLast().filter { text[$0] == colon && text[$0 + 1] == colon }
        switch doubles.count {
        case 0: return (text[...], nil)
        case 1: return (text[..<doubles[0]], text[(doubles[0] + 2)...])
        default: return nil
        }
    }

    /// The numbers of groups between colons; the last may be an IPv4 address, which makes two.
    private static func parts(_ text: ArraySlice<UInt8>, mayEndDotted: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let pieces = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard pieces.count <= 8 else { return nil }
        var groups: [UInt16] = []
        for (index, piece) in pieces.enumerated() {
            if mayEndDotted, index == pieces.count - 1, let v4 = dottedDecimal(piece) {
                groups += [UInt16(truncatingIfNeeded: v4 >> 16), UInt16(truncatingIfNeeded: v4)]
                continue
            }
            guard (1...4).contains(piece.count) else { return nil }
            var group: UInt16 = 0
            for byte in piece {
                guard let digit = hexDigit(byte) else { return nil }
                group = group << 4 | UInt16(digit)
            }
            groups.append(group)
        }
        return groups.count <= 8 ? groups : nil
    }

    /// The value of a hexadecimal digit.
    package static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func number(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}

extension IPAddress: CustomStringConvertible {
    /// The one form of the address: `192.0.2.1`, `2001:db8::1`, and `::ffff:192.0.2.1` for a mapped one.
    package var description: String {
        guard family == .v6 else { return Self.dotted(UInt32(truncatingIfNeeded: value)) }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> (112 - 16 * $0)) }
        if value >> 32 == 0xffff {
            return "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: value))
        }
        let texts = groups.map { String($0, radix: 16) }
        guard let zeros = Self.longestZeros(groups) else { return texts.joined(separator: ":") }
        return texts[..<zeros.lowerBound].joined(separator: ":") + "::"
            + texts[zeros.upperBound...].joined(separator: ":")
    }

    private static func dotted(_ value: UInt32) -> String {
        (0..<4).map { String(value >> (24 - 8 * $0) & 0xff) }.joined(separator: ".")
    }

    /// The first of the longest runs of two or more groups that are zero.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(1, longest?.count ?? 0) { longest = start..<end }
            start = max(end, start + 1)
        }
        return longest
    }
}
