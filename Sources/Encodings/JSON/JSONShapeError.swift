/// Why a JSON document, itself well-formed, is not of the shape that a format demands.
package struct JSONShapeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where: a path such as `keys[2].not_before`; empty for the document itself.
    package let place: String
    /// What is wrong there.
    package let reason: Reason

    /// What can be wrong with the shape of a value.
    package enum Reason: Equatable, Sendable {
        /// The key is required and absent.
        case missing
        /// The format has no such key.
        case unknownKey
        /// The value is of another type.
        case wrongType(expected: String, found: String)
        /// The value is of the right type and yet not allowed; the text says what is.
        case invalid(String)
    }

    package init(place: String, reason: Reason) {
        self.place = place
        self.reason = reason
    }

    package var description: String {
        place.isEmpty ? "\(reason)" : "\(place): \(reason)"
    }
}

extension JSONShapeError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "required, and absent"
        case .unknownKey: "unknown member; a newer version of Closeout may know it"
        case .wrongType(let expected, let found): "expected \(expected), found \(found)"
        case .invalid(let text): text
        }
    }
}

extension JSON {
    /// The type of this value in words, for messages.
    package var typeDescription: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
