internal import CloseoutEncodings

/// A pattern that keeps paths out of a manifest (docs/manifest.md, "Excludes").
///
/// As in a `.gitignore`, with nothing negated: a pattern with a slash before its end is matched
/// from the root, any other in every directory; a slash at the end asks for a directory; `*` and
/// `?` stop at slashes, `**` does not.
package struct Glob: Equatable, Sendable {
    /// The pattern as it was given, in UTF-8.
    package let pattern: [UInt8]
    let isForDirectories: Bool
    let components: [Component]

    /// What a part of the pattern between slashes matches.
    enum Component: Equatable {
        case anyDepth
        case name(GlobName)
    }

    /// The most bytes of a pattern.
    package static let longest = 1024

    /// Reads a pattern.
    ///
    /// - Throws: `GlobError` that says what is wrong with it.
    package init(_ pattern: [UInt8]) throws(GlobError) {
        guard pattern.count <= Self.longest else { throw .tooLong }
        guard firstInvalidUTF8(in: pattern) == nil, !pattern.contains(0) else { throw .notText }
        guard pattern.first != UInt8(ascii: "!") else { throw .negated }
        var parts = Array(String(decoding: pattern, as: UTF8.self).unicodeScalars)
            .split(separator: "/", omittingEmptySubsequences: false)
        isForDirectories = parts.count > 1 && parts.last?.isEmpty == true
        if isForDirectories { parts.removeLast() }
        let isAnchored = parts.count > 1
        if isAnchored && parts.first?.isEmpty == true { parts.removeFirst() }
        var components: [Component] = isAnchored ? [] : [.anyDepth]
        for part in parts { components.append(try Self.component(part)) }
        self.components = components
        self.pattern = pattern
    }

    /// Whether the pattern names a path; what lies below a directory it names is not asked
    /// for.
    package func matches(_ path: [UInt8], isDirectory: Bool) -> Bool {
        var matcher = GlobMatcher([self])
        return matcher.match(path, isDirectory: isDirectory)
    }
}

/// What is wrong with a pattern for excludes.
package enum GlobError: String, Error, Sendable, CustomStringConvertible {
    case empty = "a component of the pattern is empty"
    case notText = "the pattern is not UTF-8, or holds a NUL"
    case negated = "a pattern cannot begin with '!': nothing excluded can be taken back in"
    case dots = "a component of the pattern is '.' or '..'"
    case unclosedSet = "a '[' is not closed, or its range runs backwards"
    case danglingEscape = "a '\\' at the end escapes nothing"
    case tooLong = "the pattern has more than 1024 bytes"

    package var description: String { rawValue }
}

extension Glob {
    private typealias Scalars = ArraySlice<Unicode.Scalar>

    private static func component(_ part: Scalars) throws(GlobError) -> Component {
        if part.isEmpty { throw .empty }
        if part.elementsEqual(".".unicodeScalars) || part.elementsEqual("..".unicodeScalars) {
            throw .dots
        }
        if part.elementsEqual("**".unicodeScalars) { return .anyDepth }
        var rest = part
        var tokens: [GlobName.Token] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": if tokens.last != .anyRun { tokens.append(.anyRun) }
            case "?": tokens.append(.anyScalar)
            case "[": tokens.append(try set(&rest))
            case "\\":
                guard let escaped = rest.popFirst() else { throw .danglingEscape }
                tokens.append(.scalar(escaped))
            default: tokens.append(.scalar(scalar))
            }
        }
        return .name(GlobName(tokens))
    }

    /// Reads a set behind its `[`; a `]` that comes first is one of its members.
    private static func set(_ rest: inout Scalars) throws(GlobError) -> GlobName.Token {
        let isNegated = rest.first == "!" || rest.first == "^"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let first = rest.popFirst() {
            if first == "]" && !ranges.isEmpty { return .oneOf(ranges, negated: isNegated) }
            let low = try member(first, &rest)
            var high = low
            if rest.first == "-", let next = rest.dropFirst().first, next != "]" {
                rest.removeFirst(2)
                high = try member(next, &rest)
            }
            guard low <= high else { throw .unclosedSet }
            ranges.append(low...high)
        }
        throw .unclosedSet
    }

    private static func member(
        _ scalar: Unicode.Scalar, _ rest: inout Scalars
    ) throws(GlobError) -> Unicode.Scalar {
        guard scalar == "\\" else { return scalar }
        guard let escaped = rest.popFirst() else { throw .danglingEscape }
        return escaped
    }
}
