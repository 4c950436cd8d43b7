internal import CloseoutEncodings
internal import CloseoutFiles
internal import CloseoutOpenSSL

/// Goes through one line of a manifest and takes what the grammar allows next.
///
/// The bytes are given to every step anew, for a value cannot hold a span.
struct LineScanner {
    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    /// Takes a fixed piece of text, or nothing.
    mutating func take(_ piece: LinePiece, in bytes: Span<UInt8>) -> Bool {
        let piece = piece.bytes
        guard end - position >= piece.count else { return false }
        for index in piece.indices where bytes[position + index] != piece[index] { return false }
        position += piece.count
        return true
    }

    /// Takes the text up to the next quotation mark, and the mark; the opening one is taken
    /// already.
    mutating func text(in bytes: Span<UInt8>) -> LineFields.Text? {
        let start = position
        var isEscaped = false
        var isASCII = true
        while position < end {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                let range = start..<position
                position += 1
                if !isASCII, firstInvalidUTF8(in: Array(copying: bytes.extracting(range))) != nil {
                    return nil
                }
                return LineFields.Text(range: range, isEscaped: isEscaped)
            case UInt8(ascii: "\\"):
                guard let (_, length) = Self.escape(bytes.extracting(position..<end)) else {
                    return nil
                }
                isEscaped = true
                position += length
            case ..<0x20: return nil
            default:
                if byte >= 0x80 { isASCII = false }
                position += 1
            }
        }
        return nil
    }

    /// Takes four octal digits.
    mutating func octal(in bytes: Span<UInt8>) -> UInt16? {
        guard end - position >= 4 else { return nil }
        var value: UInt16 = 0
        for index in position..<position + 4 {
            guard case UInt8(ascii: "0")...UInt8(ascii: "7") = bytes[index] else { return nil }
            value = value << 3 | UInt16(bytes[index] & 7)
        }
        position += 4
        return value
    }

    /// Takes the 64 digits of a digest.
    mutating func digest(in bytes: Span<UInt8>) -> (SHA256Digest, digits: Range<Int>)? {
        guard end - position >= 64 else { return nil }
        let digits = position..<position + 64
        guard let digest = SHA256Digest(hex: bytes.extracting(digits)) else { return nil }
        position += 64
        return (digest, digits)
    }

    /// Takes a whole number without leading zeros, at most 2^53 - 1.
    mutating func number(in bytes: Span<UInt8>) -> UInt64? {
        let start = position
        var value: UInt64 = 0
        while position < end, case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[position] {
            value = value * 10 + UInt64(bytes[position] & 0x0F)
            position += 1
            if value > UInt64(JSON.largestInteger) { return nil }
        }
        let hasLeadingZero = position - start > 1 && bytes[start] == UInt8(ascii: "0")
        return position == start || hasLeadingZero ? nil : value
    }

    /// The text without its escapes; the text has been accepted before.
    static func unescaped(_ text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var position = 0
        while position < text.count {
            if text[position] == UInt8(ascii: "\\"),
                let (byte, length) = escape(text.extracting(position..<text.count))
            {
                bytes.append(byte)
                position += length
            } else {
                bytes.append(text[position])
                position += 1
            }
        }
        return bytes
    }

    /// The byte that the escape at the start encodes, and the escape's length.
    ///
    /// Only what must be escaped may be, and in its shortest form; a NUL can be in no path.
    private static func escape(_ text: Span<UInt8>) -> (byte: UInt8, length: Int)? {
        guard text.count >= 2 else { return nil }
        switch text[1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return (text[1], 2)
        case UInt8(ascii: "b"): return (0x08, 2)
        case UInt8(ascii: "t"): return (0x09, 2)
        case UInt8(ascii: "n"): return (0x0A, 2)
        case UInt8(ascii: "f"): return (0x0C, 2)
        case UInt8(ascii: "r"): return (0x0D, 2)
        case UInt8(ascii: "u"):
            guard text.count >= 6,
                let value = Hex.decode(Array(copying: text.extracting(2..<6))),
                value[0] == 0, 1..<0x20 ~= value[1], ![8, 9, 0xA, 0xC, 0xD].contains(value[1])
            else { return nil }
            return (value[1], 6)
        default: return nil
        }
    }
}
