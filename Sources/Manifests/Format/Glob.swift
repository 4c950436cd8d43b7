internal import Encodings

/// A pattern that keeps paths out of a manifest (docs/manifest.md, "Excludes").
///
/// As in a `.gitignore`, with nothing negated: a pattern with a slash before its end is matched
/// from the root, any other in every directory; a slash at the end asks for a directory; `*` and
/// `?` stop at slashes, `**` does not.
package struct Glob: Equatable, Sendable {
    /// The pattern as it was given, in UTF-8.
    package let pattern: [UInt8]
    private let isForDirectories: Bool
    private let components: [Component]

    private enum Component: Equatable {
        case anyDepth
        case name([Token])
    }

    private enum Token: Equatable {
        case scalar(Unicode.Scalar)
        case anyScalar
        case anyRun
        case oneOf([ClosedRange<Unicode.Scalar>], negated: Bool)
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

    /// Tells whether the pattern names a path; what lies below a directory it names is not asked
    /// for.
    package func matches(_ path: [UInt8], isDirectory: Bool) -> Bool {
        matches(GlobPath(path), isDirectory: isDirectory)
    }

    fileprivate func matches(_ path: GlobPath, isDirectory: Bool) -> Bool {
        if isForDirectories && !isDirectory { return false }
        return Self.matches(components[...], path.names[...])
    }
}

/// A path taken apart once, for all the patterns that it is held against.
private struct GlobPath {
    let names: [[Unicode.Scalar]]

    init(_ path: [UInt8]) {
        names = path.split(separator: UInt8(ascii: "/")).map {
            Array(String(decoding: $0, as: UTF8.self).unicodeScalars)
        }
    }
}

extension [Glob] {
    /// Tells whether any of the patterns names a path, as `Glob.matches` does.
    func match(_ path: [UInt8], isDirectory: Bool) -> Bool {
        if isEmpty { return false }
        let path = GlobPath(path)
        return contains { $0.matches(path, isDirectory: isDirectory) }
    }
}

/// What is wrong with a pattern for excludes.
package enum GlobError: String, Error, Sendable {
    case empty = "a component of the pattern is empty"
    case notText = "the pattern is not UTF-8, or holds a NUL"
    case negated = "a pattern cannot begin with '!': nothing excluded can be taken back in"
    case dots = "a component of the pattern is '.' or '..'"
    case unclosedSet = "a '[' is not closed, or its range runs backwards"
    case danglingEscape = "a '\\' at the end escapes nothing"
    case tooLong = "the pattern has more than 1024 bytes"
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
        var tokens: [Token] = []
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
        return .name(tokens)
    }

    /// Reads a set behind its `[`; a `]` that comes first is one of its members.
    private static func set(_ rest: inout Scalars) throws(GlobError) -> Token {
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

    /// Matches whole components; only the last `**` passed is ever tried again, for that suffices.
    private static func matches(
        _ pattern: ArraySlice<Component>, _ names: ArraySlice<[Unicode.Scalar]>
    ) -> Bool {
        var (pattern, names) = (pattern, names)
        var retry: (pattern: ArraySlice<Component>, names: ArraySlice<[Unicode.Scalar]>)?
        while true {
            switch pattern.first {
            case .anyDepth where pattern.count == 1:
                return !names.isEmpty
            case .anyDepth:
                pattern.removeFirst()
                retry = (pattern, names)
                continue
            case .name(let tokens):
                if let name = names.first, matches(tokens[...], name[...]) {
                    pattern.removeFirst()
                    names.removeFirst()
                    continue
                }
            case nil:
                if names.isEmpty { return true }
            }
            guard let last = retry, !last.names.isEmpty else { return false }
            (pattern, names) = (last.pattern, last.names.dropFirst())
            retry = (pattern, names)
        }
    }

    /// Matches one component; only the last `*` passed is ever tried again, for that suffices.
    private static func matches(_ tokens: ArraySlice<Token>, _ name: Scalars) -> Bool {
        var (tokens, name) = (tokens, name)
        var retry: (tokens: ArraySlice<Token>, name: Scalars)?
        while true {
            if tokens.first == .anyRun {
                tokens.removeFirst()
                retry = (tokens, name)
                continue
            }
            if let token = tokens.first, let scalar = name.first, matches(token, scalar) {
                tokens.removeFirst()
                name.removeFirst()
                continue
            }
            if tokens.isEmpty && name.isEmpty { return true }
            guard let last = retry, !last.name.isEmpty else { return false }
            (tokens, name) = (last.tokens, last.name.dropFirst())
            retry = (tokens, name)
        }
    }

    private static func matches(_ token: Token, _ scalar: Unicode.Scalar) -> Bool {
        switch token {
        case .scalar(let wanted): scalar == wanted
        case .anyScalar: true
        case .anyRun: false
        case .oneOf(let ranges, let isNegated):
            ranges.contains { $0.contains(scalar) } != isNegated
        }
    }
}
