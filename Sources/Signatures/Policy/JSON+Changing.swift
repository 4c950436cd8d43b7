import CloseoutEncodings

extension JSON {
    /// Sets a member of an object, in the place of one with the same key or at the end.
    mutating func set(_ key: String, _ value: JSON) {
        guard case .object(var members) = self else { return }
        let member = JSONMember(key, value)
        if let index = members.firstIndex(where: { $0.key == member.key }) {
            members[index] = member
        } else {
            members.append(member)
        }
        self = .object(members)
    }

    /// The elements of a member that is an array; none where there is no such member.
    func elements(_ key: String) -> [JSON] {
        guard case .array(let elements)? = self[key] else { return [] }
        return elements
    }

    /// Adds a key to the rules of a policy's roles; a role that is missing begins with it alone.
    mutating func assign(_ id: String, to roles: [RoleEntry]) {
        var rules = self["roles"] ?? .object([])
        for entry in roles {
            var rule = rules[entry.role.rawValue] ?? entry.json(keys: [])
            rule.set("keys", .array(rule.elements("keys") + [JSON(id)]))
            rules.set(entry.role.rawValue, rule)
        }
        set("roles", rules)
    }

    /// Changes the entries of a policy whose ids are given.
    mutating func change(keys ids: [String], _ change: (inout JSON) -> Void) {
        let entries = elements("keys").map { entry in
            guard ids.contains(where: { entry["id"] == JSON($0) }) else { return entry }
            var changed = entry
            change(&changed)
            return changed
        }
        set("keys", .array(entries))
    }
}
