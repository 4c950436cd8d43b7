package import CloseoutEncodings
package import CloseoutOpenSSL

/// Whom an auditor trusts for what: the only source of trust.
///
/// A value of this type is whole and consistent; only reading a document makes one. Implements
/// docs/trust-policy.md.
package struct TrustPolicy: Sendable {
    /// The number that grows with every change.
    package let version: Int64
    /// The last instant at which the policy may be used, where it has one.
    package let expires: Instant?
    /// The keys in the policy's order; their ids are distinct.
    package internal(set) var keys: [PolicyKey]
    /// The rule of each role that the policy defines.
    package let roles: [Role: RoleRule]
    /// The digest of the criteria that the policy pins.
    package let criteria: SHA256Digest?
    /// Whether a bundle is verified only with a recorded decision that recomputes and is ready.
    package let requiresDecision: Bool
    /// What the policy was before its changes, the oldest first.
    package let earlier: [EarlierPolicy]
    /// The policy file's bytes.
    package let bytes: [UInt8]
    /// The digest of the policy file's bytes, for pinning.
    package let digest: SHA256Digest
    /// The bytes of the key files that it names, in the order of its keys.
    package let keyFiles: [[UInt8]]
    /// Whether keys of `keys-sample/` count as others do.
    package let acceptsSampleKeys: Bool
    /// The revocations that OpenPGP rings hold, by the keys that they end.
    var ringRevocations: [PublicKey: [PolicyKey.Revocation]]
    /// The document that says all this.
    let document: JSON

    /// The value of `kind` in every policy.
    static let kind = "closeout/trust/v1"
    /// The keys that a policy may have at most.
    static let mostKeys = 256
    /// The earlier policies that a policy may list at most.
    static let mostEarlier = 4096
    /// The bytes that a policy file may have at most.
    package static let largestFile = 1024 * 1024

    /// The policy's canonical bytes, as Closeout writes it.
    package var canonicalBytes: [UInt8] { document.canonicalBytes }

    /// An entry's key with what every ring of the policy says of its end.
    ///
    /// A key may be in several entries, or twice in one ring, and be revoked in one of them only.
    package func united(_ key: PolicyKey) -> PolicyKey {
        guard !ringRevocations.isEmpty else { return key }
        return key.revoked(also: key.material.publicKeys.flatMap { ringRevocations[$0] ?? [] })
    }

    /// Finds a key by its id.
    package func key(_ id: String) -> PolicyKey? {
        keys.first { $0.id == id }
    }

    /// The keys of `keys-sample/` among them, where those are not allowed; none of them counts.
    package var sampleKeys: [PolicyKey] { keys.filter(\.isSample) }

    /// Whether an instant lies after the policy's end.
    package func hasExpired(at instant: Instant) -> Bool {
        expires.map { instant > $0 } ?? false
    }

    /// The roles that a key serves for a release, in the order of the closed list.
    ///
    /// - Parameters:
    ///   - id: The key's id.
    ///   - release: The release's name; `nil` leaves the rules' `releases` aside.
    /// - Returns: The roles; none for an id that no rule names.
    package func roles(ofKey id: String, release: String?) -> [Role] {
        guard let key = key(id) else { return [] }
        return Role.allCases.filter { roles[$0]?.isServed(by: key, for: release) ?? false }
    }

    /// The role whose keys sign the checkpoint: `log`, else `release`, else `archive`.
    package var logRole: Role? {
        [.log, .release, .archive].first { roles[$0] != nil }
    }
}

extension [PolicyKey] {
    /// The revocations in the rings among them, by the keys that they end.
    var ringRevocations: [PublicKey: [PolicyKey.Revocation]] {
        reduce(into: [:]) { all, key in
            guard case .openPGP(let ring) = key.material else { return }
            for signer in ring.signers where !signer.revocations.isEmpty {
                guard case .success(let publicKey) = signer.packet.publicKey else { continue }
                all[publicKey, default: []] += signer.revocations
            }
        }
    }
}
