import CloseoutOutbound

/// What a receiver knows a sender by: a token, a password, or a URL that is as good as one.
///
/// It is visible ASCII with blanks inside at most, so that it fits a header field. Text, debug text, `dump` and
/// reflection show that there is one and nothing else.
package struct Secret: Hashable, Sendable {
    /// The most bytes.
    package static let longest = 4096

    /// The secret itself, for a message only.
    package let revealed: String

    /// Takes what a file, variable or command gave, without one line end and the blanks around it.
    ///
    /// - Throws: `SecretFault` where nothing is left, it is too long, or has another character than visible ASCII
    ///   and blanks; what it says is in no error.
    package init(trimming bytes: [UInt8]) throws(SecretFault) {
        var text = bytes[...]
        Self.dropBlanks(&text)
        if text.last == UInt8(ascii: "\n") {
            text.removeLast()
            if text.last == UInt8(ascii: "\r") { text.removeLast() }
        }
        Self.dropBlanks(&text)
        while text.first.map(Self.isBlank) == true { text.removeFirst() }
        guard !text.isEmpty else { throw .empty }
        guard text.count <= Self.longest else { throw .tooLong }
        guard !text.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw .controlCharacter }
        guard text.allSatisfy({ $0 < 0x80 }) else { throw .notASCII }
        revealed = String(decoding: text, as: UTF8.self)
    }

    private static func dropBlanks(_ text: inout ArraySlice<UInt8>) {
        while text.last.map(isBlank) == true { text.removeLast() }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}

extension Secret: Unprinted {
    package var description: String { "[secret]" }
}

/// Why a secret cannot be used; no case holds a part of it, or the text of an error.
package enum SecretFault: String, Error, CaseIterable, Hashable, Sendable {
    /// The variable is not set, the file cannot be read, or the command failed.
    case unavailable
    /// Nothing is left of it.
    case empty
    /// It has more bytes than are taken.
    case tooLong = "too-long"
    /// It has a control character, such as a second line end.
    case controlCharacter = "control-character"
    /// It has a character beyond ASCII.
    case notASCII = "not-ascii"
    /// It has another form than its use demands.
    case malformed

    /// One sentence for a person.
    package var sentence: String {
        switch self {
        case .unavailable: "The secret cannot be read from where the route says that it is."
        case .empty: "The secret is empty."
        case .tooLong: "The secret has too many bytes."
        case .controlCharacter: "The secret has a control character, such as a second line end."
        case .notASCII: "The secret has a character beyond ASCII."
        case .malformed: "The secret has another form than the provider demands."
        }
    }
}

extension SecretFault: CustomStringConvertible {
    package var description: String { sentence }
}
