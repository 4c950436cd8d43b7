import CloseoutEncodings

/// A way to write public keys down that a policy can name.
///
/// Adding one takes such a value and its line in `all`. Implements "Key formats" of
/// docs/trust-policy.md.
package struct KeyFormat: Sendable {
    /// The stable name, as in a policy's `format`.
    package let name: String
    /// Whether a file of unknown format is of this one.
    let recognises: @Sendable ([UInt8]) -> Bool
    /// Reads a key, taking the members of a policy entry that this format alone has.
    let read:
        @Sendable (
            _ material: [UInt8], _ entry: inout JSONObjectReader
        ) throws(JSONShapeError) -> PolicyKeyValue
    /// Writes a key that may be binary as text, which a policy can hold.
    var text: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    /// Whether an entry has a key; one without names somebody whose keys others certify.
    var hasKey = true
}

extension KeyFormat {
    /// The registry: every key format that a policy may name.
    package static let all: [KeyFormat] = [
        .openPGP, .spki, .note, .minisign, .signify, .ssh, .x509, .timestamp, .sigstoreRoot,
        .sigstoreIdentity,
    ]

    /// The bytes that a key file may have at most; whole projects publish their keys in one.
    package static let largestFile = 4 * 1024 * 1024

    /// Finds a format by its name.
    package init?(named name: String) {
        guard let format = Self.all.first(where: { $0.name == name }) else { return nil }
        self = format
    }

    /// Recognises a key by its content alone; `nil` when no format fits.
    package init?(recognising material: [UInt8]) {
        guard let format = Self.all.first(where: { $0.recognises(material) }) else { return nil }
        self = format
    }
}

extension KeyFormat: Hashable, CustomStringConvertible {
    package static func == (left: KeyFormat, right: KeyFormat) -> Bool {
        left.name == right.name
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }

    package var description: String { name }
}
