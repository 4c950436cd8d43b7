extension JSON {
    /// The one canonical form of this value, by RFC 8785.
    ///
    /// No white space, keys ascending by their UTF-16 code units, the shortest escapes. Strings must
    /// be UTF-8 and integers in range, else the result is a document that the strict reader refuses.
    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        appendCanonical(to: &bytes)
        return bytes
    }

    /// Appends the canonical form of this value.
    package func appendCanonical(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += value ? "true".utf8 : "false".utf8
        case .integer(let value): Self.append(value, to: &bytes)
        case .string(let text): Self.append(quoted: text, to: &bytes)
        case .array(let elements): Self.append(elements, to: &bytes)
        case .object(let members): Self.append(members, to: &bytes)
        }
    }

    /// Appends a string with its quotes, escaping what must be escaped and nothing else.
    package static func append(quoted text: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.contains(where: mustBeEscaped) {
            for byte in text { append(escaped: byte, to: &bytes) }
        } else {
            bytes += text
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a whole number in decimal.
    package static func append(_ value: Int64, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = value.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes[start...].reverse()
    }

    private static func append(_ elements: [JSON], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            element.appendCanonical(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func append(_ members: [JSONMember], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in sorted(members).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(quoted: member.key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            member.value.appendCanonical(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private static func sorted(_ members: [JSONMember]) -> [JSONMember] {
        let isSorted = zip(members, members.dropFirst()).allSatisfy {
            !utf16Precedes($1.key, $0.key)
        }
        return isSorted ? members : members.sorted { utf16Precedes($0.key, $1.key) }
    }

    /// Compares two UTF-8 strings by their UTF-16 code units.
    ///
    /// The two orders differ in one point: UTF-16 puts what needs a surrogate pair (lead bytes F0 to
    /// F4) before U+E000 to U+FFFF (lead bytes EE and EF).
    private static func utf16Precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.lexicographicallyPrecedes(b) { rank($0) < rank($1) }
    }

    private static func rank(_ byte: UInt8) -> UInt8 {
        byte & 0xFE == 0xEE ? byte + 0x10 : byte
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func append(escaped byte: UInt8, to bytes: inout [UInt8]) {
        guard mustBeEscaped(byte) else { return bytes.append(byte) }
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case ..<0x20:
            bytes += "u00".utf8
            bytes += Hex.encode([byte])
        default: bytes.append(byte)
        }
    }
}
