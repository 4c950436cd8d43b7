extension XMLReader {
    /// The byte at the current position; nil at the end.
    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// An error at the current position.
    func error(_ reason: XMLError.Reason) -> XMLError { XMLError(offset: position, reason: reason) }

    /// The error for a byte, or an end, that is not allowed at the current position.
    var unexpected: XMLError { error(current == nil ? .unexpectedEnd : .unexpected) }

    /// Whether a text comes next.
    func starts(_ text: StaticString) -> Bool {
        guard bytes.count - position >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { unsafe bytes[position...].starts(with: $0) }
    }

    /// Takes a text if it comes next.
    mutating func take(_ text: StaticString) -> Bool {
        guard starts(text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    /// Skips white space; false where there is none.
    mutating func skipBlanks() -> Bool {
        let start = position
        while let byte = current, Self.isBlank(byte) { position += 1 }
        return position > start
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// Reads one character as it is; the two forms of line end that are not a line feed become one.
    mutating func character(into text: inout [UInt8]) throws(XMLError) {
        guard let byte = current else { throw unexpected }
        if byte >= 0x20, byte < 0x80 {
            text.append(byte)
            position += 1
        } else if byte == 0x0D {
            position += 1
            if current != 0x0A { text.append(0x0A) }
        } else if byte == 0x0A || byte == 0x09 {
            text.append(byte)
            position += 1
        } else {
            let (scalar, length) = scalar(at: position)
            guard Self.isCharacter(scalar) else { throw error(.forbiddenCharacter) }
            text += bytes[position..<position + length]
            position += length
        }
    }

    /// Reads a value between quotes, with all white space as blanks.
    mutating func attributeValue() throws(XMLError) -> [UInt8] {
        guard let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw unexpected
        }
        position += 1
        var value: [UInt8] = []
        while let byte = current {
            switch byte {
            case quote:
                position += 1
                return value
            case UInt8(ascii: "<"): throw error(.unexpected)
            case UInt8(ascii: "&"): try reference(into: &value)
            case 0x09, 0x0A, 0x0D:
                position += 1
                // A carriage return with a line feed is one line end.
                if byte != 0x0D || current != 0x0A { value.append(0x20) }
            default: try character(into: &value)
            }
        }
        throw unexpected
    }

    /// Reads a predefined entity or a character reference.
    mutating func reference(into text: inout [UInt8]) throws(XMLError) {
        let start = position
        position += 1
        if take("#") {
            let isHexadecimal = take("x")
            var value: UInt32 = 0
            let digits = position
            while let byte = current, byte != UInt8(ascii: ";") {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
                    isHexadecimal || digit < 10
                else { throw unexpected }
                value = min(value * (isHexadecimal ? 16 : 10) + UInt32(digit), 0x110000)
                position += 1
            }
            guard position > digits, take(";") else { throw unexpected }
            guard Self.isCharacter(value), let scalar = Unicode.Scalar(value) else {
                throw XMLError(offset: start, reason: .forbiddenCharacter)
            }
            text += String(Character(scalar)).utf8
            return
        }
        for (name, byte): (StaticString, UInt8) in [
            ("amp;", UInt8(ascii: "&")), ("lt;", UInt8(ascii: "<")), ("gt;", UInt8(ascii: ">")),
            ("quot;", UInt8(ascii: "\"")), ("apos;", UInt8(ascii: "'")),
        ] where take(name) {
            text.append(byte)
            return
        }
        throw XMLError(offset: start, reason: .unknownEntity)
    }

    /// Reads a name.
    mutating func name() throws(XMLError) -> [UInt8] {
        let start = position
        while let byte = current {
            let (scalar, length) = byte < 0x80 ? (UInt32(byte), 1) : scalar(at: position)
            guard
                Self.isNameStart(scalar) || position > start && Self.isNamePart(scalar)
            else { break }
            position += length
        }
        guard position > start else { throw unexpected }
        return Array(bytes[start..<position])
    }

    /// The XML declaration, which comes first where there is one.
    mutating func declaration() throws(XMLError) {
        let start = position
        guard starts("<?xml"), bytes.count > position + 5, Self.isBlank(bytes[position + 5]) else {
            return
        }
        position += 5
        let wrong = XMLError(offset: start, reason: .declaration)
        let version = try pseudoAttribute("version")
        guard let version, version.starts(with: "1.".utf8), version.count > 2,
            version.dropFirst(2).allSatisfy(\.isDigit)
        else { throw wrong }
        if let encoding = try pseudoAttribute("encoding") {
            let name = encoding.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            guard
                name.isEqual(to: "utf-8") || name.isEqual(to: "us-ascii")
                    || name.isEqual(to: "ascii")
            else { throw XMLError(offset: start, reason: .encoding) }
        }
        if let standalone = try pseudoAttribute("standalone") {
            guard standalone.isEqual(to: "yes") || standalone.isEqual(to: "no") else { throw wrong }
        }
        _ = skipBlanks()
        guard take("?>") else { throw wrong }
    }

    /// Reads one part of the declaration; nil where another comes.
    private mutating func pseudoAttribute(_ name: StaticString) throws(XMLError) -> [UInt8]? {
        let start = position
        guard skipBlanks(), take(name) else {
            position = start
            return nil
        }
        _ = skipBlanks()
        guard take("=") else { throw unexpected }
        _ = skipBlanks()
        guard let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let end = bytes[(position + 1)...].firstIndex(of: quote)
        else { throw unexpected }
        defer { position = end + 1 }
        return Array(bytes[position + 1..<end])
    }

    /// The character that begins at a byte of what is known to be UTF-8, and how many bytes it has.
    private func scalar(at place: Int) -> (UInt32, Int) {
        let first = UInt32(bytes[place])
        func next(_ offset: Int) -> UInt32 { UInt32(bytes[place + offset] & 0x3F) }
        switch first {
        case ..<0x80: return (first, 1)
        case ..<0xE0: return ((first & 0x1F) << 6 | next(1), 2)
        case ..<0xF0: return ((first & 0x0F) << 12 | next(1) << 6 | next(2), 3)
        default: return ((first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
        }
    }

    /// What may be in a document: `Char` of XML 1.0.
    private static func isCharacter(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// What a name may begin with: `NameStartChar` of XML 1.0, fifth edition.
    private static func isNameStart(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x3A, 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF,
            0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF,
            0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF:
            true
        default: false
        }
    }

    /// What may follow in it besides.
    private static func isNamePart(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: isNameStart(scalar)
        }
    }
}
