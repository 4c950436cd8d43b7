import CloseoutEncodings

extension PolicyReader {
    /// Reads the rules of all roles that the policy defines.
    ///
    /// - Throws: `JSONShapeError` for an unknown role or key, an empty role, a threshold below 1.
    func roles(
        _ item: JSONItem, keys: [PolicyKey]
    ) throws(JSONShapeError) -> [Role: RoleRule] {
        var roles: [Role: RoleRule] = [:]
        for (name, item) in try item.members() {
            guard let role = Role(rawValue: String(decoding: name, as: UTF8.self)) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw item.invalid(
                    "unknown role; the roles are \(known); "
                        + "a newer version of Closeout may know others")
            }
            roles[role] = try rule(item, of: role, keys: keys)
        }
        return roles
    }

    private func rule(
        _ item: JSONItem, of role: Role, keys: [PolicyKey]
    ) throws(JSONShapeError) -> RoleRule {
        var reader = try item.object()
        var ids: [String] = []
        let keyItems = try reader.array("keys")
        guard !keyItems.isEmpty else { throw reader.invalid("keys", "must name a key") }
        for item in keyItems {
            let id = try item.bytes()
            guard let key = keys.first(where: { Array($0.id.utf8) == id }) else {
                throw item.invalid("the policy has no key \(printable(id))")
            }
            guard !ids.contains(key.id) else { throw item.invalid("\(key.id) appears twice") }
            guard key.material.roles.contains(role) else {
                throw item.invalid("\(key.id) is of a kind that cannot serve as \(role.rawValue)")
            }
            ids.append(key.id)
        }
        let threshold = try reader.integer("threshold", in: 1...Int64(TrustPolicy.mostKeys))
        let releases = try releases(reader.optional("releases"))
        try reader.finish()
        return RoleRule(keys: ids, threshold: Int(threshold), releases: releases)
    }

    private func releases(_ item: JSONItem?) throws(JSONShapeError) -> [String]? {
        guard let item else { return nil }
        var names: [String] = []
        for item in try item.array() {
            let bytes = try item.bytes()
            guard PolicyName.isReleaseName(bytes) else {
                throw item.invalid("not the name of a release")
            }
            let name = String(decoding: bytes, as: UTF8.self)
            guard !names.contains(name) else { throw item.invalid("\(name) appears twice") }
            names.append(name)
        }
        guard !names.isEmpty else { throw item.invalid("must name a release") }
        return names
    }
}
