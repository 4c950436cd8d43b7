package import CloseoutEncodings
package import CloseoutOpenSSL

// Every change makes a new document and reads it as strictly as a file; `succeeding` then puts it in
// the place of the one that was changed.
extension TrustPolicy {
    /// Makes a first policy in which each key serves each of the roles.
    ///
    /// - Throws: `TrustError`, as for a file.
    package static func starting(
        with keys: [KeyEntry], roles: [RoleEntry], expires: Instant? = nil,
        in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        let rules = roles.map { JSONMember($0.role.rawValue, $0.json(keys: keys.map(\.id))) }
        var document: JSON = ["kind": JSON(kind), "version": 1]
        document.set("keys", .array(keys.map(\.json)))
        document.set("roles", .object(rules))
        if let expires { document.set("expires", .string(expires.bytes)) }
        return try TrustPolicy(parsing: document.canonicalBytes, in: context)
    }

    /// The policy of `verify --key`: one key for `release` and `log`, without a window.
    ///
    /// A key that can serve neither of them is for single files alone.
    ///
    /// - Parameters:
    ///   - material: A public key of any known format, as file or text.
    ///   - algorithm: For an RSA key; `rsa-pss-sha256` where it is not given.
    ///   - context: Whether sample keys are taken.
    /// - Returns: The policy.
    /// - Throws: `TrustError.notAPublicKey`, or what is wrong with the key.
    package static func single(
        _ material: [UInt8], algorithm: SignatureAlgorithm? = nil,
        in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        let key = try KeyEntry(
            id: "key", operator: "key", inlining: material, from: Array("key".utf8),
            algorithm: algorithm)
        let context = context.holding(material)
        let alone = try starting(with: [key], roles: [], in: context)
        let material = alone.keys.first?.material
        let roles = [Role.release, .log].filter { material?.roles.contains($0) ?? false }
        return try starting(with: [key], roles: roles.map { RoleEntry($0) }, in: context)
    }

    /// Adds a key and lets it serve roles; a role that the policy lacks begins with it alone.
    ///
    /// The threshold and releases of a role that the policy has already stay as they are.
    ///
    /// - Throws: `TrustError`, as for a file.
    package func adding(
        _ key: KeyEntry, to roles: [RoleEntry], in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        try changed(in: context) { document in
            document.set("keys", .array(document.elements("keys") + [key.json]))
            document.assign(key.id, to: roles)
        }
    }

    /// Changes who serves a role and how many operators it takes; a role that the policy lacks begins
    /// with what is added, and a threshold of 1 unless another is given.
    ///
    /// - Throws: `TrustError.noSuchKey`, `.rule` for a rule that nobody could fulfil or that says what
    ///   is so already, or as for a file.
    package func changing(
        _ role: Role, adding added: [String], removing removed: [String], threshold: Int?,
        in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        for id in added + removed where key(id) == nil { throw .noSuchKey(id: id) }
        let present = roles[role]
        let ids = present?.keys ?? []
        guard present != nil || !added.isEmpty else { throw .rule(role, .absent) }
        for (index, id) in added.enumerated() where (ids + added[..<index]).contains(id) {
            throw .rule(role, .servedAlready(by: id))
        }
        for (index, id) in removed.enumerated()
        where !ids.contains(id) || removed[..<index].contains(id) {
            throw .rule(role, .notServed(by: id))
        }
        let keys = ids.filter { !removed.contains($0) } + added
        guard !keys.isEmpty else { throw .rule(role, .empty) }
        let needed = threshold ?? present?.threshold ?? 1
        let operators = Set(keys.compactMap { key($0)?.operator }).count
        guard needed <= operators else {
            throw .rule(role, .outOfReach(threshold: needed, operators: operators))
        }
        return try changed(in: context) { document in
            var rules = document["roles"] ?? .object([])
            var rule = rules[role.rawValue] ?? .object([])
            rule.set("keys", .array(keys.map { JSON($0) }))
            rule.set("threshold", .integer(Int64(needed)))
            rules.set(role.rawValue, rule)
            document.set("roles", rules)
        }
    }

    /// Ends a key's window, in every entry of its signer, unless it ends earlier: what is signed later
    /// does not count.
    ///
    /// - Throws: `TrustError.noSuchKey`, or as for a file.
    package func retiring(
        _ id: String, at instant: Instant, in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        guard key(id) != nil else { throw .noSuchKey(id: id) }
        return try changed(in: context) { document in
            for entry in entries(ofSigner: id) {
                let end = entry.notAfter.map { min($0, instant) } ?? instant
                document.change(keys: [entry.id]) { $0.set("not_after", .string(end.bytes)) }
            }
        }
    }

    /// Revokes a key, in every entry that holds it; a revocation can only become graver.
    ///
    /// - Throws: `TrustError.noSuchKey`, `TrustError.revokedAlready`, or as for a file.
    package func revoking(
        _ id: String, at instant: Instant, reason: PolicyKey.Reason,
        in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        guard let revoked = key(id) else { throw .noSuchKey(id: id) }
        if let earlier = revoked.revocation,
            instant > earlier.at || (earlier.reason == .compromised && reason != .compromised)
        {
            throw .revokedAlready(id: id, at: earlier.at, reason: earlier.reason)
        }
        return try changed(in: context) { document in
            document.change(keys: entries(ofSigner: id).map(\.id)) { entry in
                entry.set(
                    "revoked", ["at": .string(instant.bytes), "reason": JSON(reason.rawValue)])
            }
        }
    }

    /// Pins the criteria by which releases are decided on, in place of what was pinned before.
    ///
    /// - Throws: `TrustError`, as for a file.
    package func pinning(
        _ criteria: SHA256Digest, in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        try changed(in: context) { $0.set("criteria", ["sha256": JSON(criteria.hex)]) }
    }

    /// All entries about the signer of one of them: that one, and others that hold the same key.
    package func entries(ofSigner id: String) -> [PolicyKey] {
        guard let entry = key(id) else { return [] }
        return keys.filter { $0.id == id || $0.isOfSameSigner(as: entry) }
    }

    private func changed(
        in context: PolicyContext, _ change: (inout JSON) -> Void
    ) throws(TrustError) -> TrustPolicy {
        var document = document
        change(&document)
        return try TrustPolicy(parsing: document.canonicalBytes, in: context)
    }
}
