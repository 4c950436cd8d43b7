extension JSONParser {
    /// Reads a number, from its first byte on.
    mutating func number() throws(JSONError) -> Int64 {
        let start = position
        let isNegative = current == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let digits = position
        var magnitude: Int64 = 0
        while let digit = current.flatMap(Self.digit) {
            magnitude = magnitude * 10 + digit
            guard magnitude <= JSON.largestInteger else {
                throw JSONError(offset: start, reason: .numberOutOfRange)
            }
            position += 1
        }
        guard position > digits else { throw unexpected }
        if bytes[digits] == UInt8(ascii: "0"), position > digits + 1 {
            throw JSONError(offset: digits, reason: .leadingZero)
        }
        switch current {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): throw error(.notAnInteger)
        default: break
        }
        if isNegative, magnitude == 0 {
            throw JSONError(offset: start, reason: .negativeZero)
        }
        return isNegative ? -magnitude : magnitude
    }

    private static func digit(_ byte: UInt8) -> Int64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? Int64(value) : nil
    }

    /// Reads a string, from its opening quote on; the document is known to be UTF-8.
    mutating func string() throws(JSONError) -> [UInt8] {
        position += 1
        var text: [UInt8] = []
        while true {
            let start = position
            while position < bytes.count, !Self.endsRun(bytes[position]) { position += 1 }
            let run = bytes[start..<position]
            switch current {
            case UInt8(ascii: "\""):
                position += 1
                return text.isEmpty ? Array(run) : text + run
            case UInt8(ascii: "\\"):
                text += run
                try escape(into: &text)
            case nil:
                throw unexpected
            default:
                throw error(.controlCharacter)
            }
        }
    }

    /// Whether a byte of a string must be escaped.
    private static func endsRun(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Reads one escape, from its backslash on.
    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard let kind = current else { throw unexpected }
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += try unicodeEscape(from: start).utf8
        default: throw JSONError(offset: start, reason: .invalidEscape)
        }
    }

    /// Reads the digits of a `\u` escape, and of a second one where they name a surrogate pair.
    private mutating func unicodeEscape(from start: Int) throws(JSONError) -> Character {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        let lone = JSONError(offset: start, reason: .loneSurrogate)
        guard first < 0xDC00, current == UInt8(ascii: "\\") else { throw lone }
        position += 1
        guard current == UInt8(ascii: "u") else { throw lone }
        position += 1
        let second = try fourHexDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw lone }
        return Character(scalar)
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current else { throw unexpected }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error(.invalidEscape)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
