internal import CloseoutEncodings

/// The release that a seal is for: a name and a version (docs/seal.md, "Release").
package struct Release: Hashable, Sendable, CustomStringConvertible {
    /// One or several parts joined by `/`, together at most 1,024 bytes.
    package let name: String
    /// One part.
    package let version: String

    /// Joins a name and a version.
    ///
    /// - Throws: `ReleaseError` when the name or the version is not of the form.
    package init(name: String, version: String) throws(ReleaseError) {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.allSatisfy(Self.isPart), name.utf8.count <= 1024 else { throw .badName(name) }
        guard Self.isPart(version.utf8) else { throw .badVersion(version) }
        self.name = name
        self.version = version
    }

    /// Reads `NAME@VERSION`.
    ///
    /// - Throws: `ReleaseError` when there is no `@`, or the name or the version is not of the
    ///   form.
    package init(parsing text: String) throws(ReleaseError) {
        guard let at = text.utf8.firstIndex(of: UInt8(ascii: "@")) else {
            throw .noVersion(text)
        }
        try self.init(
            name: String(text[..<at]), version: String(text[text.utf8.index(after: at)...]))
    }

    /// `NAME@VERSION`.
    package var description: String { "\(name)@\(version)" }

    /// `NAME-VERSION` with each `/` written `_`: what a bundle is called when nobody says
    /// otherwise.
    package var fileStem: String {
        String(
            decoding: "\(name)-\(version)".utf8.map {
                $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
            }, as: UTF8.self)
    }

    private static func isPart(_ part: some Collection<UInt8>) -> Bool {
        guard let first = part.first, part.count <= 64, first.isAlphanumeric else { return false }
        return part.allSatisfy { $0.isAlphanumeric || [0x2E, 0x5F, 0x2B, 0x2D].contains($0) }
    }
}

/// Why a text does not name a release.
package enum ReleaseError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no `@` in the text.
    case noVersion(String)
    /// The name is not one or several parts, or too long.
    case badName(String)
    /// The version is not one part.
    case badVersion(String)

    /// The reason in words, with the form that is asked for.
    package var description: String {
        let form = "a letter or digit, then at most 63 more letters, digits or . _ + -"
        return switch self {
        case .noVersion(let text): "\(quoted(text)) is not NAME@VERSION"
        case .badName(let name):
            "the name \(quoted(name)) is not made of such parts, joined by /: \(form)"
        case .badVersion(let version): "the version \(quoted(version)) is not of the form: \(form)"
        }
    }
}

/// Untrusted text between quotation marks.
private func quoted(_ text: String) -> String {
    "\"\(printable(text))\""
}
