/// What somebody may see and do who has logged in (docs/console.md, "Roles").
package enum ConsoleRole: String, CaseIterable, Sendable {
    /// Sees what everyone may see of the bundle.
    case viewer
    /// Sees everything.
    case `operator`
    /// Sees everything.
    case approver
    /// Sees everything.
    case auditor
}

/// Who a person is: what the provider calls them, and which provider; never an address of theirs.
struct Person: Hashable, Sendable {
    /// The issuer of their tokens.
    let issuer: String
    /// The issuer's name for them, which it gives to nobody else.
    let subject: String
}

/// Who sends a request.
struct Visitor: Equatable, Sendable {
    /// Who logged in; nil for whoever opened the console by its token, and could read the bundle without it.
    let person: Person?
    /// What they may.
    let roles: Set<ConsoleRole>

    /// Whoever started the console.
    static let keeper = Visitor(person: nil, roles: Set(ConsoleRole.allCases))

    /// Whether they see what is restricted.
    var seesAll: Bool { roles.contains { $0 != .viewer } }
}
