import CloseoutEncodings

/// Why a request is refused before it is sent: a field by its place, never by what it says.
package enum RequestRefusal: Error, Hashable, Sendable {
    /// There are more than `OutboundRequest.mostFields` fields.
    case tooManyFields
    /// Names and values have more than `OutboundRequest.mostFieldBytes` bytes together.
    case fieldsTooLarge
    /// The name of a field, counted from 0, is no token of RFC 9110.
    case malformedName(field: Int)
    /// The client sets this field itself: where a message goes, where it ends, how long a connection lasts.
    case reservedName(field: Int)
    /// A value has a control character, such as the line end of a file that a secret was read from.
    case controlCharacter(field: Int)
    /// A value has a character beyond ASCII.
    case notASCII(field: Int)
    /// A value begins or ends with a blank, which a receiver takes away.
    case blankAtEnd(field: Int)

    /// One sentence for a person.
    package var sentence: String {
        switch self {
        case .tooManyFields:
            "The request has more than \(OutboundRequest.mostFields) header fields."
        case .fieldsTooLarge:
            "The header fields have more than \(OutboundRequest.mostFieldBytes) bytes."
        case .malformedName(let field): "The name of header field \(field + 1) is no token."
        case .reservedName(let field):
            "Header field \(field + 1) is one that the client sets itself."
        case .controlCharacter(let field):
            "The value of header field \(field + 1) has a control character, such as a line end."
        case .notASCII(let field):
            "The value of header field \(field + 1) has a character beyond ASCII."
        case .blankAtEnd(let field):
            "The value of header field \(field + 1) begins or ends with a blank."
        }
    }
}

/// What a header field may hold.
enum FieldRules {
    /// Fields that say where a message goes or ends, or that are for one connection (RFC 9110, section 7.6.1).
    static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer",
        "upgrade", "expect", "http2-settings", "proxy-connection", "proxy-authorization",
        "proxy-authenticate", SendGates.field,
    ]

    private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)

    /// Checks one field.
    ///
    /// - Throws: why it is refused.
    static func confirm(
        _ field: OutboundRequest.Field, at index: Int
    ) throws(RequestRefusal) {
        let name = field.name.utf8
        guard !name.isEmpty,
            name.allSatisfy({ $0.isAlphanumeric || tokenMarks.contains($0) })
        else { throw .malformedName(field: index) }
        guard !reserved.contains(field.name.lowercased()) else {
            throw .reservedName(field: index)
        }
        for byte in field.value.utf8 {
            guard byte >= 0x20, byte != 0x7f else { throw .controlCharacter(field: index) }
            guard byte < 0x80 else { throw .notASCII(field: index) }
        }
        let blank = UInt8(ascii: " ")
        guard field.value.utf8.first != blank, field.value.utf8.last != blank else {
            throw .blankAtEnd(field: index)
        }
    }
}

extension RequestRefusal: CustomStringConvertible {
    package var description: String { sentence }
}
