/// A part of a pattern that is matched against one name (docs/manifest.md, "Excludes").
struct GlobName: Equatable {
    private let tokens: [Token]
    /// How many scalars a name has at least that matches.
    private let leastCount: Int
    /// Where the last `*` is, and so how many scalars the end of the name is compared with.
    private let lastRun: Int?

    /// What matches one scalar of a name, or a run of any.
    enum Token: Equatable {
        case scalar(Unicode.Scalar)
        case anyScalar
        case anyRun
        case oneOf([ClosedRange<Unicode.Scalar>], negated: Bool)
    }

    init(_ tokens: [Token]) {
        self.tokens = tokens
        leastCount = tokens.count { $0 != .anyRun }
        lastRun = tokens.lastIndex(of: .anyRun)
    }

    /// Matches a name in steps of at most its length times that of the pattern.
    ///
    /// What follows the last `*` has one place, at the end of the name. Of the others only the one
    /// passed last is ever tried again, for that suffices.
    func matches(_ name: [Unicode.Scalar]) -> Bool {
        guard name.count >= leastCount else { return false }
        var (token, place) = (0, 0)
        var retry: (token: Int, place: Int)?
        while token < tokens.count || place < name.count {
            if token < tokens.count, case .anyRun = tokens[token] {
                let isLast = token == lastRun
                token += 1
                if isLast {
                    let end = name.count - (tokens.count - token)
                    guard end >= place else { return false }
                    place = end
                }
                retry = isLast ? nil : (token, place)
            } else if token < tokens.count, place < name.count,
                Self.matches(tokens[token], name[place])
            {
                token += 1
                place += 1
            } else {
                guard let last = retry, last.place < name.count else { return false }
                (token, place) = (last.token, last.place + 1)
                retry = (token, place)
            }
        }
        return true
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
