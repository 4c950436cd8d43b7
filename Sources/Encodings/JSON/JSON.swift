/// A JSON value of the subset that Closeout's formats allow: no fractions, no exponents.
///
/// Strings and keys are UTF-8 bytes, never Swift strings: two keys that differ in their bytes are two
/// keys, also where Unicode calls them equivalent. Integers stay within ±(2^53 − 1). Equality of
/// objects is that of their members in order. Implements "Canonical JSON" of docs/bundle.md.
package enum JSON: Equatable, Sendable {
    /// The literal `null`.
    case null
    /// The literals `true` and `false`.
    case bool(Bool)
    /// A whole number within ±(2^53 − 1).
    case integer(Int64)
    /// A string, as UTF-8.
    case string([UInt8])
    /// An array.
    case array([JSON])
    /// An object; no two members have the same key.
    case object([JSONMember])

    /// The greatest magnitude of an integer, 2^53 − 1: every JSON reader holds it exactly.
    package static let largestInteger: Int64 = 9_007_199_254_740_991
}

/// One key of an object with its value.
package struct JSONMember: Equatable, Sendable {
    /// The key, as UTF-8.
    package let key: [UInt8]
    /// The value.
    package let value: JSON

    /// Pairs a key, given as UTF-8, with its value.
    package init(key: [UInt8], value: JSON) {
        self.key = key
        self.value = value
    }

    /// Pairs a key, given as text, with its value.
    package init(_ key: String, _ value: JSON) {
        self.init(key: Array(key.utf8), value: value)
    }
}

extension JSON {
    /// Makes a string value of a text.
    package init(_ text: String) {
        self = .string(Array(text.utf8))
    }

    /// Looks up a member; nil when this is no object or has no such key.
    package subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.isEqual(to: key) }?.value
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) {
        self.init(value)
    }

    package init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    package init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// Writes `nil` for null.
    package init(nilLiteral: ()) {
        self = .null
    }

    package init(arrayLiteral elements: JSON...) {
        self = .array(elements)
    }

    /// Makes an object; the keys must differ from each other.
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { JSONMember($0.0, $0.1) })
    }
}

extension [UInt8] {
    /// Whether these bytes are exactly the UTF-8 of a text, without Unicode equivalence.
    package func isEqual(to text: String) -> Bool {
        count == text.utf8.count && elementsEqual(text.utf8)
    }
}
