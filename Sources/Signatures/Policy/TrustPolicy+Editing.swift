package import Encodings
package import OpenSSL

// Every change makes a new document, one version on, and reads it as strictly as a file.
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

    /// Lets a key that is there serve more roles, as `adding` does for a new one.
    ///
    /// - Throws: `TrustError.noSuchKey`, or as for a file.
    package func assigning(
        _ id: String, to roles: [RoleEntry], in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        guard key(id) != nil else { throw .noSuchKey(id: id) }
        return try changed(in: context) { $0.assign(id, to: roles) }
    }

    /// Ends a key's window, unless it ends earlier: what is signed later does not count.
    ///
    /// - Throws: `TrustError.noSuchKey`, or as for a file.
    package func retiring(
        _ id: String, at instant: Instant, in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        guard let retired = key(id) else { throw .noSuchKey(id: id) }
        let end = retired.notAfter.map { min($0, instant) } ?? instant
        return try changed(in: context) { document in
            document.change(keys: [id]) { $0.set("not_after", .string(end.bytes)) }
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
        let publicKeys = Set(revoked.material.publicKeys)
        let same = keys.filter {
            $0.id == id || !publicKeys.isDisjoint(with: $0.material.publicKeys)
        }
        return try changed(in: context) { document in
            document.change(keys: same.map(\.id)) { entry in
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

    private func changed(
        in context: PolicyContext, _ change: (inout JSON) -> Void
    ) throws(TrustError) -> TrustPolicy {
        var document = document
        document.set("version", .integer(version + 1))
        change(&document)
        return try TrustPolicy(parsing: document.canonicalBytes, in: context)
    }
}
