import CloseoutEncodings

/// The names that a policy gives: key ids and operators, and those of releases.
///
/// They are ASCII of a fixed grammar, so that equal texts are equal bytes. Implements "Names" of
/// docs/trust-policy.md.
package enum PolicyName {
    /// The grammar in words, for messages.
    package static let rule =
        "must be 1 to 64 letters, digits or any of . _ + @ -, the first a letter or digit"

    /// Whether bytes may be a key's id or an operator's name.
    package static func isValid(_ bytes: [UInt8]) -> Bool {
        isPart(bytes[...], extra: Array("._+@-".utf8))
    }

    /// Whether bytes may be a release's name: parts joined by slashes.
    static func isReleaseName(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy { isPart($0, extra: Array("._+-".utf8)) }
    }

    private static func isPart(_ part: ArraySlice<UInt8>, extra: [UInt8]) -> Bool {
        guard let first = part.first, part.count <= 64, first.isAlphanumeric else { return false }
        return part.allSatisfy { $0.isAlphanumeric || extra.contains($0) }
    }
}
