/// Reads a JSON document in one pass over its bytes.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0

    init(_ bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Reads the whole document.
    mutating func document() throws(JSONError) -> JSON {
        guard bytes.count <= limits.bytes else {
            throw JSONError(offset: limits.bytes, reason: .tooLarge(limit: limits.bytes))
        }
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw error(.byteOrderMark) }
        if let offset = firstInvalidUTF8(in: bytes) {
            throw JSONError(offset: offset, reason: .invalidUTF8)
        }
        let value = try value(depth: 0)
        skipWhiteSpace()
        guard position == bytes.count else { throw error(.trailingData) }
        return value
    }

    /// The byte at the current position; nil at the end.
    var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    /// An error at the current position.
    func error(_ reason: JSONError.Reason) -> JSONError {
        JSONError(offset: position, reason: reason)
    }

    /// The error for a byte, or an end, that is not allowed at the current position.
    var unexpected: JSONError {
        error(current.map { .unexpectedByte($0) } ?? .unexpectedEnd)
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        skipWhiteSpace()
        guard let byte = current else { throw unexpected }
        switch byte {
        case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .integer(try number())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw unexpected
        }
    }

    private mutating func members(depth: Int) throws(JSONError) -> [JSONMember] {
        try enter(depth)
        var members: [JSONMember] = []
        var keys = KeysSeen()
        members.reserveCapacity(8)
        guard !take(UInt8(ascii: "}")) else { return members }
        repeat {
            skipWhiteSpace()
            let start = position
            guard current == UInt8(ascii: "\"") else { throw unexpected }
            let key = try string()
            guard keys.insert(key, after: members) else {
                throw JSONError(offset: start, reason: .duplicateKey(key))
            }
            guard take(UInt8(ascii: ":")) else { throw unexpected }
            members.append(JSONMember(key: key, value: try value(depth: depth)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw unexpected }
        return members
    }

    private mutating func elements(depth: Int) throws(JSONError) -> [JSON] {
        try enter(depth)
        var elements: [JSON] = []
        guard !take(UInt8(ascii: "]")) else { return elements }
        repeat {
            elements.append(try value(depth: depth))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw unexpected }
        return elements
    }

    /// Steps over the bracket that opens a level.
    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= limits.depth else { throw error(.tooDeep(limit: limits.depth)) }
        position += 1
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for expected in text.description.utf8 {
            guard current == expected else { throw unexpected }
            position += 1
        }
        return value
    }

    /// Skips white space, then takes the byte if it comes next.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipWhiteSpace()
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }
}

/// The keys of one object so far: while they ascend, as in canonical form, none needs to be kept.
private struct KeysSeen {
    private var all: Set<[UInt8]>?

    /// Notes a key; false when one of the members before it has the same.
    mutating func insert(_ key: [UInt8], after members: [JSONMember]) -> Bool {
        if all == nil {
            guard let last = members.last, !last.key.lexicographicallyPrecedes(key) else {
                return true
            }
            all = Set(members.map(\.key))
        }
        return all?.insert(key).inserted ?? true
    }
}
