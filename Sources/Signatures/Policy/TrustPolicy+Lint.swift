package import CloseoutEncodings
import CloseoutOpenSSL

extension TrustPolicy {
    /// Finds what is allowed in this policy and likely not meant.
    ///
    /// - Parameter instant: The instant at which keys and policy have to be alive.
    /// - Returns: The warnings, in the policy's order: itself, its keys, its roles.
    package func lint(at instant: Instant) -> [TrustWarning] {
        policyWarnings(instant)
            + keys.enumerated().flatMap { keyWarnings($1, at: "keys[\($0)]", instant) }
            + Role.allCases.flatMap { roleWarnings($0, instant) }
            + separationWarnings()
    }

    private func policyWarnings(_ instant: Instant) -> [TrustWarning] {
        var warnings: [TrustWarning] = []
        if let expires {
            if instant > expires {
                warnings.append(
                    TrustWarning(
                        kind: .policyExpired, place: "expires",
                        message: "the policy ended at \(expires)"))
            } else if isWithinMonth(of: instant, expires) {
                warnings.append(
                    TrustWarning(
                        kind: .policyExpiring, place: "expires",
                        message: "the policy ends within 30 days, at \(expires)"))
            }
        }
        if roles[.release] == nil, roles[.archive] == nil {
            warnings.append(
                TrustWarning(
                    kind: .noSealRole, place: "roles",
                    message: "neither release nor archive is defined: no seal can verify"))
        }
        if requiresDecision, roles[.decider] == nil {
            warnings.append(
                TrustWarning(
                    kind: .noDecider, place: "require_decision",
                    message: "no role decider is defined: no bundle can verify"))
        }
        return warnings
    }

    private func keyWarnings(
        _ key: PolicyKey, at place: String, _ instant: Instant
    ) -> [TrustWarning] {
        var warnings: [TrustWarning] = []
        func warn(_ kind: TrustWarning.Kind, _ message: String) {
            warnings.append(TrustWarning(kind: kind, place: place, message: message))
        }
        let authorities = key.material.authorityKeys.compactMap(\.weakness)
        if let weakness = key.material.weakness ?? authorities.first {
            warn(.keyWeak, "\(key.id) is \(weakness)")
        }
        if key.material.publicKeys.contains(where: \.hasSmallExponent) {
            warn(.keyExponent, "\(key.id) has an RSA exponent below 65537, which old tools chose")
        }
        if case .openPGP(let ring) = key.material, ring.rules.acceptsSHA1Binding {
            warn(
                .keySHA1Binding,
                "keys of \(key.id) count also where their owners bound them by SHA-1 alone")
        }
        if key.material.ignoresEnd {
            let end = key.material.end.map { ", \($0)" } ?? ""
            warn(.keyExpiryIgnored, "the own end of \(key.id)\(end) is not looked at")
        }
        if key.isSample { warn(.keySample, "anybody can sign with \(key.id), a sample key") }
        if let end = key.end, key.revocation == nil {
            if instant > end {
                warn(.keyExpired, "\(key.id) ended at \(end)")
            } else if isWithinMonth(of: instant, end) {
                warn(.keyExpiring, "\(key.id) ends within 30 days, at \(end)")
            }
        }
        let twin = keys.prefix { $0.id != key.id }.first { $0.isOfSameSigner(as: key) }
        if let twin { warn(.keyTwice, "\(key.id) is the same key as \(twin.id)") }
        if case .sigstore(let identity) = key.material, identity.leavesCallerOpen {
            warn(
                .sigstoreAnyCaller,
                "\(key.id) names a workflow and no source repository: if others may call the workflow, "
                    + "they sign as \(key.id)")
        }
        if case .sigstoreRoot = key.material {
            if !keys.contains(where: { $0.isUnder(root: key.id) }) {
                warn(.keyUnused, "no identity names \(key.id)")
            }
        } else if !roles.values.contains(where: { $0.keys.contains(key.id) }) {
            warn(.keyUnused, "no role names \(key.id)")
        }
        return warnings
    }

    /// Whether an end lies at most 30 days after an instant.
    private func isWithinMonth(of instant: Instant, _ end: Instant) -> Bool {
        instant.adding(seconds: 30 * 86_400).map { end <= $0 } ?? true
    }
}

extension PolicyKey {
    /// Whether it is an identity that names a trusted root's entry.
    fileprivate func isUnder(root id: String) -> Bool {
        guard case .sigstore(let identity) = material else { return false }
        return identity.root == id
    }
}
