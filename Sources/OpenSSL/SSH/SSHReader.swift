/// Reads the fields in which SSH writes keys and signatures (RFC 4251, 5), each in one spelling.
///
/// Every function returns nil for anything else, and then the whole input is to be refused.
package struct SSHReader {
    private var rest: ArraySlice<UInt8>

    /// A reader at the first field.
    package init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    /// Whether nothing is left to read.
    package var isAtEnd: Bool { rest.isEmpty }

    /// So many bytes without a length before them.
    package mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// A number of four bytes.
    package mutating func number() -> UInt32? {
        bytes(4).map { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    /// A string of any bytes, which has its length before it.
    package mutating func string() -> [UInt8]? {
        number().flatMap { bytes(Int($0)) }
    }

    /// The magnitude of an integer above zero, big-endian without leading zeros.
    package mutating func positiveInteger() -> [UInt8]? {
        guard let field = string(), let first = field.first, first < 0x80 else { return nil }
        guard first == 0 else { return field }
        let magnitude = field.dropFirst()
        // A leading zero is there only to keep the sign bit clear.
        guard let second = magnitude.first, second >= 0x80 else { return nil }
        return Array(magnitude)
    }
}

/// Writes the fields that `SSHReader` reads.
package enum SSHWriter {
    /// A number of four bytes.
    package static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A string of any bytes, with its length before it.
    package static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
        number(UInt32(truncatingIfNeeded: bytes.count)) + bytes
    }

    /// An integer from a big-endian magnitude, which may have leading zeros.
    package static func integer(_ magnitude: some Sequence<UInt8>) -> [UInt8] {
        let digits = Array(magnitude.drop { $0 == 0 })
        return string(digits.first.map { $0 < 0x80 } ?? true ? digits : [0] + digits)
    }
}
