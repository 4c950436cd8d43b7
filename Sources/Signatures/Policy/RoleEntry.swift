import CloseoutEncodings

/// A role and how many distinct operators it takes, as a policy is written.
package struct RoleEntry: Equatable, Sendable {
    /// The role.
    package let role: Role
    /// The threshold.
    package let threshold: Int
    /// The names of the releases that it is for; `nil` is for all.
    package let releases: [String]?

    /// Describes a role.
    package init(_ role: Role, threshold: Int = 1, releases: [String]? = nil) {
        self.role = role
        self.threshold = threshold
        self.releases = releases
    }

    /// The rule as it is in a policy.
    func json(keys: [String]) -> JSON {
        var members = [
            JSONMember("keys", .array(keys.map { JSON($0) })),
            JSONMember("threshold", .integer(Int64(threshold))),
        ]
        if let releases {
            members.append(JSONMember("releases", .array(releases.map { JSON($0) })))
        }
        return .object(members)
    }
}
