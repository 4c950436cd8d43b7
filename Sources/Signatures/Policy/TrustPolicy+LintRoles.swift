import CloseoutEncodings
import CloseoutOpenSSL

extension TrustPolicy {
    func roleWarnings(_ role: Role, _ instant: Instant) -> [TrustWarning] {
        guard let rule = roles[role] else { return [] }
        let members = rule.keys.compactMap(key)
        var warnings: [TrustWarning] = []
        func warn(_ kind: TrustWarning.Kind, _ message: String) {
            warnings.append(
                TrustWarning(kind: kind, place: "roles.\(role.rawValue)", message: message))
        }
        let living = Set(members.filter { $0.canSign(at: instant) }.map(\.operator))
        if living.count < rule.threshold {
            warn(
                .roleUnsatisfiable,
                "needs \(rule.threshold) operators, and \(living.count) have a key that can sign")
        }
        if let name = dominatingOperator(members, threshold: rule.threshold) {
            warn(
                .operatorDominates,
                "most keys are of \(name), and the threshold cannot be met without them")
        }
        if role == logRole, !members.contains(where: { $0.canSignCheckpoints }) {
            warn(
                .cannotSignCheckpoint,
                "checkpoints take Ed25519 or P-256, and none of its keys is of these types")
        }
        return warnings
    }

    /// The operator of most of several keys, if the others cannot meet the threshold.
    private func dominatingOperator(_ members: [PolicyKey], threshold: Int) -> String? {
        let byOperator = Dictionary(grouping: members, by: \.operator)
        guard byOperator.count > 1, byOperator.count - 1 < threshold else { return nil }
        return byOperator.first { $0.value.count * 2 > members.count }?.key
    }

    func separationWarnings() -> [TrustWarning] {
        var warnings: [TrustWarning] = []
        for (first, second) in [(Role.requester, Role.retention), (.riskOwner, .riskApprover)] {
            let both = operators(of: first).union(operators(of: second))
            guard roles[first] != nil, roles[second] != nil, both.count < 2 else { continue }
            warnings.append(
                TrustWarning(
                    kind: .rolesShareOperator, place: "roles.\(second.rawValue)",
                    message: "must differ in its operator from \(first.rawValue), and cannot"))
        }
        let signers = Role.allCases.filter { $0 != .witness && $0 != .timestamp }
            .reduce(into: Set<String>()) { $0.formUnion(operators(of: $1)) }
        for role in [Role.witness, .timestamp] {
            for name in operators(of: role).intersection(signers).sorted() {
                warnings.append(
                    TrustWarning(
                        kind: .proofOfOwnTime, place: "roles.\(role.rawValue)",
                        message: "\(name) also signs, and cannot prove its own signing times"))
            }
        }
        return warnings
    }

    private func operators(of role: Role) -> Set<String> {
        Set((roles[role]?.keys ?? []).compactMap(key).map(\.operator))
    }
}

extension PolicyKey {
    /// Whether a signature made at an instant would count.
    fileprivate func canSign(at instant: Instant) -> Bool {
        status(asOf: instant, proof: nil) == .accepted && end.map { instant <= $0 } ?? true
    }

    /// When it ends, by the policy or by what the key or its certificate says of itself.
    var end: Instant? {
        [notAfter, material.ignoresEnd ? nil : material.end].compactMap(\.self).min()
    }

    /// Whether the key could serve the role `log`.
    fileprivate var canSignCheckpoints: Bool { material.roles.contains(.log) }
}
