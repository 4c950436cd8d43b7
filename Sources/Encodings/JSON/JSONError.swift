/// Why bytes are not a JSON document that Closeout reads, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The index of the first byte that is wrong; the count of bytes when the document ends early.
    package let offset: Int
    /// What is wrong there.
    package let reason: Reason

    /// What can be wrong with a document.
    package enum Reason: Equatable, Sendable {
        /// The document has more bytes than the limit.
        case tooLarge(limit: Int)
        /// Arrays and objects are nested deeper than the limit.
        case tooDeep(limit: Int)
        /// The document begins with a byte order mark.
        case byteOrderMark
        /// The bytes are not UTF-8.
        case invalidUTF8
        /// The document ends in the middle of a value.
        case unexpectedEnd
        /// A byte that is not allowed here.
        case unexpectedByte(UInt8)
        /// Something follows the document.
        case trailingData
        /// An unescaped control character in a string.
        case controlCharacter
        /// A backslash is followed by no known escape.
        case invalidEscape
        /// An escape names half a surrogate pair.
        case loneSurrogate
        /// A key occurs twice in one object.
        case duplicateKey([UInt8])
        /// A number has a fraction or an exponent.
        case notAnInteger
        /// A number begins with a superfluous zero.
        case leadingZero
        /// The number is `-0`.
        case negativeZero
        /// The number is beyond ±(2^53 − 1).
        case numberOutOfRange
        /// The bytes differ from the canonical encoding of the same value.
        case notCanonical
    }

    package init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    package var description: String {
        "\(reason) at byte \(offset)"
    }
}

extension JSONError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let limit): "JSON document larger than \(limit) bytes"
        case .tooDeep(let limit): "JSON nested deeper than \(limit) levels"
        case .byteOrderMark: "byte order mark"
        case .invalidUTF8: "invalid UTF-8"
        case .unexpectedEnd: "unexpected end of JSON"
        case .unexpectedByte(let byte): "unexpected \"\(printable([byte]))\" in JSON"
        case .trailingData: "data after the end of the JSON document"
        case .controlCharacter: "unescaped control character in a string"
        case .invalidEscape: "invalid escape in a string"
        case .loneSurrogate: "escape of half a surrogate pair"
        case .duplicateKey(let key): "duplicate key \"\(printable(key))\""
        case .notAnInteger: "number with a fraction or an exponent"
        case .leadingZero: "number with a leading zero"
        case .negativeZero: "negative zero"
        case .numberOutOfRange: "number beyond 2^53 - 1"
        case .notCanonical: "JSON is not in canonical form"
        }
    }
}

/// How large a JSON document may be before it is refused.
package struct JSONLimits: Equatable, Sendable {
    /// The most levels of nested arrays and objects; a lone number has none.
    package let depth: Int
    /// The most bytes.
    package let bytes: Int

    /// Sets the limits; those not given are 16 levels and 16 MiB.
    package init(depth: Int = 16, bytes: Int = 16 << 20) {
        self.depth = depth
        self.bytes = bytes
    }
}
