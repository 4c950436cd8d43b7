import CloseoutOpenSSL

/// What a later policy has found out about the keys of an earlier one (docs/criteria.md, "Earlier
/// policies").
extension TrustPolicy {
    /// Whether it, or a ring that it holds, says of any key that it was revoked.
    package var revokesKeys: Bool {
        !ringRevocations.isEmpty || keys.contains { $0.revocation != nil }
    }

    /// This policy with every revocation of a later one, in whichever entries the keys are.
    package func knowing(revocationsOf later: TrustPolicy) -> TrustPolicy {
        var policy = self
        policy.ringRevocations.merge(later.ringRevocations) { $0 + $1 }
        for revoked in later.keys {
            guard let revocation = revoked.revocation else { continue }
            // Also the keys of signers whom an anchor certifies.
            for publicKey in revoked.material.publicKeys {
                policy.ringRevocations[publicKey, default: []].append(revocation)
            }
            policy.keys = policy.keys.map { key in
                key.isOfSameSigner(as: revoked) ? key.revoked(as: revocation) : key
            }
        }
        return policy
    }
}

extension PolicyKey {
    /// The same entry, revoked as a later policy says too.
    fileprivate func revoked(as later: Revocation) -> PolicyKey {
        guard let own = revocation else { return with(later) }
        return later.isGraver(than: own) ? with(later).revoked(also: [own]) : revoked(also: [later])
    }

    private func with(_ revocation: Revocation) -> PolicyKey {
        var copy = self
        copy.revocation = revocation
        return copy
    }
}

extension PolicyKey.Revocation {
    /// Whether it leaves less of what the key signed than another does.
    fileprivate func isGraver(than other: Self) -> Bool {
        guard (reason == .compromised) == (other.reason == .compromised) else {
            return reason == .compromised
        }
        return at < other.at
    }
}
