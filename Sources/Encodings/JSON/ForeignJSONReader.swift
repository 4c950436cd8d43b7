/// Reads JSON that other tools wrote, value by value, without keeping what nobody asks for.
///
/// Unlike `JSON`, it takes any number, which it can only pass over, and a byte order mark. A key that
/// occurs twice in an object that is looked into is an error, as are bytes that are no UTF-8, and
/// levels beyond a depth. Each value is read once, in the order of the document:
///
/// ```swift
/// var reader = try ForeignJSONReader(bytes)
/// try reader.object { key, reader in
///     if key.isEqual(to: "name") { print(try reader.string() ?? []) }
/// }
/// try reader.end()
/// ```
package struct ForeignJSONReader {
    private var parser: JSONParser
    private var depth = 0

    /// Takes a document.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - limits: The most bytes, and the most levels of arrays and objects.
    /// - Throws: `JSONError` where it is too large or no UTF-8.
    package init(
        _ bytes: [UInt8], limits: JSONLimits = JSONLimits(depth: 64, bytes: 64 << 20)
    ) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            throw JSONError(offset: limits.bytes, reason: .tooLarge(limit: limits.bytes))
        }
        if let offset = firstInvalidUTF8(in: bytes) {
            throw JSONError(offset: offset, reason: .invalidUTF8)
        }
        parser = JSONParser(bytes, limits: limits)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    }

    /// Reads the next value as an object.
    ///
    /// `body` is given each key and may read its value; what it does not read is passed over, and so is
    /// any other value than an object.
    ///
    /// - Returns: Whether it was an object.
    @discardableResult
    package mutating func object(
        _ body: (_ key: [UInt8], _ reader: inout ForeignJSONReader) throws -> Void
    ) throws -> Bool {
        guard next == UInt8(ascii: "{") else {
            try skip()
            return false
        }
        try enter()
        var keys: Set<[UInt8]> = []
        if !take(UInt8(ascii: "}")) {
            repeat {
                guard next == UInt8(ascii: "\"") else { throw parser.unexpected }
                let start = parser.position
                let key = try parser.string()
                guard keys.insert(key).inserted else {
                    throw JSONError(offset: start, reason: .duplicateKey(key))
                }
                guard take(UInt8(ascii: ":")) else { throw parser.unexpected }
                _ = next
                let place = parser.position
                try body(key, &self)
                if parser.position == place { try skip() }
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw parser.unexpected }
        }
        depth -= 1
        return true
    }

    /// Reads the next value as an array.
    ///
    /// `body` may read each element; what it does not read is passed over, and so is any other value than
    /// an array.
    ///
    /// - Returns: Whether it was an array.
    @discardableResult
    package mutating func array(
        _ body: (_ reader: inout ForeignJSONReader) throws -> Void
    ) throws -> Bool {
        guard next == UInt8(ascii: "[") else {
            try skip()
            return false
        }
        try enter()
        if !take(UInt8(ascii: "]")) {
            repeat {
                _ = next
                let place = parser.position
                try body(&self)
                if parser.position == place { try skip() }
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw parser.unexpected }
        }
        depth -= 1
        return true
    }

    /// Reads the next value as a string, as UTF-8; any other value is passed over.
    package mutating func string() throws(JSONError) -> [UInt8]? {
        guard next == UInt8(ascii: "\"") else {
            try skip()
            return nil
        }
        return try parser.string()
    }

    /// Reads the next value as a boolean; any other value is passed over.
    package mutating func bool() throws(JSONError) -> Bool? {
        let first = next
        try skip()
        return first == UInt8(ascii: "t") ? true : first == UInt8(ascii: "f") ? false : nil
    }

    /// Reads the next value as a whole number of at most 15 digits; any other value is passed over.
    package mutating func integer() throws(JSONError) -> Int? {
        let sign = next == UInt8(ascii: "-") ? -1 : 1
        let start = parser.position
        try skip()
        let digits = parser.bytes[start..<parser.position].drop { $0 == UInt8(ascii: "-") }
        guard (1...15).contains(digits.count), digits.allSatisfy(\.isDigit) else { return nil }
        return sign * digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Passes over the next value, which must be well-formed.
    package mutating func skip() throws(JSONError) {
        guard let byte = next else { throw parser.unexpected }
        switch byte {
        case UInt8(ascii: "{"):
            try enter()
            if !take(UInt8(ascii: "}")) {
                repeat {
                    guard next == UInt8(ascii: "\"") else { throw parser.unexpected }
                    _ = try parser.string()
                    guard take(UInt8(ascii: ":")) else { throw parser.unexpected }
                    try skip()
                } while take(UInt8(ascii: ","))
                guard take(UInt8(ascii: "}")) else { throw parser.unexpected }
            }
            depth -= 1
        case UInt8(ascii: "["):
            try enter()
            if !take(UInt8(ascii: "]")) {
                repeat { try skip() } while take(UInt8(ascii: ","))
                guard take(UInt8(ascii: "]")) else { throw parser.unexpected }
            }
            depth -= 1
        case UInt8(ascii: "\""): _ = try parser.string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default: throw parser.unexpected
        }
    }

    /// Confirms that nothing follows.
    package mutating func end() throws(JSONError) {
        guard next == nil else { throw parser.error(.trailingData) }
    }

    /// The first byte of what comes next; nil at the end.
    package var next: UInt8? {
        mutating get {
            while let byte = parser.current, Self.isBlank(byte) { parser.position += 1 }
            return parser.current
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        parser.position += 1
        return true
    }

    private mutating func enter() throws(JSONError) {
        guard depth < parser.limits.depth else {
            throw parser.error(.tooDeep(limit: parser.limits.depth))
        }
        depth += 1
        parser.position += 1
    }

    /// Passes over a number of any kind that the grammar of JSON has.
    private mutating func number() throws(JSONError) {
        if parser.current == UInt8(ascii: "-") { parser.position += 1 }
        let first = parser.position
        try digits()
        if parser.bytes[first] == UInt8(ascii: "0"), parser.position > first + 1 {
            throw JSONError(offset: first, reason: .leadingZero)
        }
        if parser.current == UInt8(ascii: ".") {
            parser.position += 1
            try digits()
        }
        if parser.current == UInt8(ascii: "e") || parser.current == UInt8(ascii: "E") {
            parser.position += 1
            if parser.current == UInt8(ascii: "+") || parser.current == UInt8(ascii: "-") {
                parser.position += 1
            }
            try digits()
        }
    }

    private mutating func digits() throws(JSONError) {
        let start = parser.position
        while parser.current?.isDigit == true { parser.position += 1 }
        guard parser.position > start else { throw parser.unexpected }
    }

    private mutating func literal(_ text: StaticString) throws(JSONError) {
        for expected in text.description.utf8 {
            guard parser.current == expected else { throw parser.unexpected }
            parser.position += 1
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
