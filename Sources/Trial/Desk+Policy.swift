import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

/// Keys, the policy and the criteria, as their files.
extension Desk {
    /// The file of the trust policy.
    static let policyFile = "trust.json"

    /// Makes a key pair of two files, `NAME.pem` and `NAME.pub.pem`.
    func makeKey(_ name: String) throws {
        let key = try PrivateKey.generate(.ed25519)
        try write("\(name).pem", key.pem(passphrase: nil), permissions: 0o600)
        try write("\(name).pub.pem", key.publicKey.pem)
    }

    /// The public half of a key pair.
    func publicKey(_ name: String) throws -> PublicKey {
        try PublicKey(pem: read("\(name).pub.pem"))
    }

    /// The policy as it is now.
    func policy() throws -> TrustPolicy { try TrustPolicy(parsing: read(Self.policyFile)) }

    /// Begins the policy with a key.
    func beginPolicy(_ key: String, of team: String, _ roles: [Role]) throws {
        let policy = try TrustPolicy.starting(
            with: [try entry(key, of: team)], roles: roles.map { RoleEntry($0) })
        try write(Self.policyFile, policy.canonicalBytes)
    }

    /// Adds a key to the policy, unless it is there.
    func extendPolicy(_ key: String, of team: String, _ roles: [Role]) throws {
        let entry = try entry(key, of: team)
        try changePolicy {
            $0.key(entry.id) == nil ? try $0.adding(entry, to: roles.map { RoleEntry($0) }) : $0
        }
    }

    /// Revokes a key of the policy, as of now.
    func revoke(_ id: String, because reason: PolicyKey.Reason) throws {
        try changePolicy { try $0.revoking(id, at: now, reason: reason) }
    }

    private func changePolicy(_ change: (TrustPolicy) throws -> TrustPolicy) throws {
        let present = try policy()
        let changed = try change(present)
        guard changed.canonicalBytes != present.canonicalBytes else { return }
        try write(Self.policyFile, changed.succeeding(present, at: now).canonicalBytes)
    }

    private func entry(_ key: String, of team: String) throws -> KeyEntry {
        let id = key.split(separator: "/").last.map(String.init) ?? key
        return try KeyEntry(id: id, operator: team, inlining: read("\(key).pub.pem"))
    }

    /// The criteria of the folder.
    func criteria() throws -> Criteria { try Criteria(parsing: read("criteria.json")) }
}
