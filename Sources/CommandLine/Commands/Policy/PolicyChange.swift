import CloseoutEncodings
import CloseoutSignatures

/// A change of a policy, and what it means for bundles and recorded decisions
/// (docs/trust-policy.md, "Changing").
struct PolicyChange {
    let before: TrustPolicy
    let after: TrustPolicy

    /// That decisions under the policy before are still recomputed.
    var keptDigest: String {
        "version \(before.version), sha256:\(before.digest.hex), is kept in `earlier`: decisions made "
            + "under it stay recomputable"
    }

    /// What bundles need now that they did not need before, and what no longer counts.
    var warnings: [String] {
        Role.allCases.flatMap(demands) + Role.allCases.compactMap(departures)
    }

    /// What a role of seal or log demands that is new or takes more operators.
    private func demands(_ role: Role) -> [String] {
        guard [.release, .archive, .log].contains(role), let rule = after.roles[role] else {
            return []
        }
        let scope = rule.releases.map { " of \($0.joined(separator: ", "))" } ?? ""
        guard let present = before.roles[role] else {
            let what = role == .log ? "a checkpoint signed by it" : "a seal signed by it"
            return [
                "role \(role.rawValue) is new: every bundle\(scope) needs \(what) to be VERIFIED"
            ]
        }
        guard rule.threshold > present.threshold else { return [] }
        return [
            "role \(role.rawValue) takes \(rule.threshold) operators: bundles\(scope) that fewer "
                + "signed will be INCOMPLETE"
        ]
    }

    /// Which keys no longer serve a role.
    private func departures(_ role: Role) -> String? {
        let keys = after.roles[role]?.keys ?? []
        let gone = (before.roles[role]?.keys ?? []).filter { !keys.contains($0) }
        guard !gone.isEmpty else { return nil }
        return "\(gone.joined(separator: ", ")) no longer \(gone.count == 1 ? "serves" : "serve") "
            + "\(role.rawValue): what is signed does not count for it, however old it is"
    }

    /// What the end of a key does to verdicts; nil where no role names it.
    func retirement(of id: String) -> String? {
        let ended = entries(of: id)
        guard !ended.isEmpty else { return nil }
        let ends = ended.map { "\($0.id) ends at \($0.notAfter.map(\.description) ?? "")" }
        return "\(ends.joined(separator: ", ")): "
            + effects(on: ended, "INCOMPLETE from then on", without: "a proven time")
    }

    /// What the revocation of a key does to verdicts; nil where no role names it.
    func revocation(of id: String) -> String? {
        let ended = entries(of: id)
        guard let revocation = ended.first?.revocation else { return nil }
        let names = ended.map(\.id).joined(separator: ", ")
        let isCompromised = revocation.reason == .compromised
        return "\(names) revoked (\(revocation.reason.name)): "
            + effects(
                on: ended,
                isCompromised
                    ? "FAILED, whenever they are verified" : "FAILED from \(revocation.at) on",
                without: "a time proven to be before \(revocation.at)")
            + "; decisions that rest on it are not recomputed"
    }

    /// What is about one key's signer and serves a role.
    private func entries(of id: String) -> [PolicyKey] {
        after.entries(ofSigner: id).filter { entry in
            after.roles.values.contains { $0.keys.contains(entry.id) }
        }
    }

    private func effects(
        on keys: [PolicyKey], _ verdict: String, without proof: String
    ) -> String {
        let roles = Set(keys.flatMap { after.roles(ofKey: $0.id, release: nil) })
        let ofBundles: Set<Role> = [.release, .archive, .log]
        let ofTimes: Set<Role> = [.witness, .timestamp]
        var parts: [String] = []
        if !roles.isDisjoint(with: ofBundles) {
            parts.append("bundles without \(proof) will be \(verdict)")
        }
        if !roles.subtracting(ofBundles).subtracting(ofTimes).isEmpty {
            parts.append("records and decisions without \(proof) will be only asserted")
        }
        if !roles.isDisjoint(with: ofTimes) { parts.append("it proves no later time") }
        return parts.joined(separator: ", ")
    }
}
