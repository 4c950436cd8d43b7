import CloseoutEncodings
package import CloseoutOpenSSL

/// What a commitment can be about: what is confidential, and no credential (docs/redaction.md,
/// "Commitments").
package enum DisclosedName: String, CaseIterable, Sendable {
    /// The host and port of the receiver.
    case destination
    /// The SHA-256 of the body that was sent.
    case body
    /// The address of mail to which it was sent.
    case recipient
    /// The SHA-256 of what the file of the routes says of the route.
    case route
}

/// One thing behind a commitment, as its owner keeps it and can show it, in the form of SD-JWT.
///
/// Without the disclosure nobody learns what its digest stands for, however few values there are: the
/// salt has 128 bits.
package struct Disclosure: Hashable, Sendable {
    static let saltSize = 16
    /// The most bytes of an encoded disclosure.
    static let longest = 8192

    private let salt: [UInt8]
    /// What it is about.
    package let name: DisclosedName
    /// What it says.
    package let value: String

    init(salt: [UInt8], name: DisclosedName, value: String) {
        self.salt = salt
        self.name = name
        self.value = value
    }

    /// The disclosure as one word: base64url, without padding, of the JSON array of salt, name and value.
    package var encoded: [UInt8] {
        let array: JSON = .array([
            JSON(Self.base64URL(salt)), JSON(name.rawValue), JSON(value),
        ])
        return Array(Self.base64URL(array.canonicalBytes).utf8)
    }

    /// The commitment: the SHA-256 of the encoded disclosure.
    package var commitment: SHA256Digest {
        get throws(OpenSSLError) { try SHA256Digest.of(encoded) }
    }

    /// Reads an encoded disclosure; nil for anything else than what `encoded` gives.
    package init?(encoded word: [UInt8]) {
        guard word.count <= Self.longest, let bytes = Base64.decodeURL(word),
            let json = try? JSON(parsingCanonical: bytes), case .array(let parts) = json,
            parts.count == 3, case .string(let salt) = parts[0],
            case .string(let name) = parts[1], case .string(let value) = parts[2],
            let salt = Base64.decodeURL(salt), salt.count == Self.saltSize,
            let name = DisclosedName(rawValue: String(decoding: name, as: UTF8.self))
        else { return nil }
        self.init(salt: salt, name: name, value: String(decoding: value, as: UTF8.self))
        guard encoded == word else { return nil }
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        let letters = Base64.encode(bytes).compactMap { letter -> UInt8? in
            switch letter {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: letter
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }
}

extension Disclosure: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[disclosure of \(name.rawValue)]" }
    /// The same as `description`.
    package var debugDescription: String { description }
    /// Without children, so that `dump` and reflection find nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
