/// Reads the parts of OpenPGP packets one after the other, never beyond the end.
struct OpenPGPReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) {
        rest = ArraySlice(bytes)
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() throws(OpenPGPError) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .truncated }
        return byte
    }

    mutating func bytes(_ count: Int) throws(OpenPGPError) -> [UInt8] {
        guard count <= rest.count else { throw .truncated }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// A big-endian number of up to four bytes.
    mutating func integer(bytes count: Int) throws(OpenPGPError) -> Int {
        try bytes(count).reduce(0) { $0 << 8 | Int($1) }
    }

    /// The magnitude of a multiprecision integer, whose count of bits must be exact.
    mutating func number() throws(OpenPGPError) -> [UInt8] {
        let bits = try integer(bytes: 2)
        let magnitude = try bytes((bits + 7) / 8)
        guard let first = magnitude.first,
            magnitude.count * 8 - first.leadingZeroBitCount == bits
        else { throw .number }
        return magnitude
    }

    /// What is left.
    mutating func remainder() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }
}

/// A number as two big-endian bytes.
func twoBytes(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
}

/// A number as four big-endian bytes.
func fourBytes(_ value: Int) -> [UInt8] {
    twoBytes(value >> 16) + twoBytes(value)
}
