import CloseoutEncodings
import CloseoutOpenSSL

/// What came out of verifying a bundle with a certificate under the roots of a policy.
struct KeylessResult {
    /// What each step found under the root that fits best.
    let steps: [SigstoreFinding]
    /// The times that this root proves.
    let proofs: [TimeProof]
    /// The tokens that are none of this root's.
    let foreignTokens: [[UInt8]]
    /// The identities of the policy whose signature it is; none where a step keeps it from counting.
    let identities: [PolicyKey]
    /// The certificate, and the key in it.
    let certificate: Certificate?
    let key: CertifiedKey?
    /// Why it does not count, whoever of the policy it may be by.
    let refusal: SignatureVerifier.Signer?
}

extension SignatureVerifier {
    /// Verifies a bundle with a certificate under every root of the policy; the one that fits best counts.
    ///
    /// Implements docs/sigstore.md.
    func verify(
        _ signature: KeylessSignature, over content: CheckedContent
    ) throws(OpenSSLError) -> KeylessResult {
        var (best, bestRank): (KeylessCheck?, [Int]) = (nil, [])
        var identities: [PolicyKey] = []
        for (entry, rootKey) in policy?.sigstoreRoots ?? [] {
            for root in rootKey.roots {
                var check = KeylessCheck(
                    signature, over: content, root: root, of: entry, rootKey.demands, asOf: asOf)
                try check.run { self.identify($0) }
                if check.isSound { identities += self.identities(of: check) }
                if best == nil || check.rank.lexicographicallyPrecedes(bestRank) {
                    (best, bestRank) = (check, check.rank)
                }
            }
        }
        guard let best else {
            return KeylessResult(
                steps: [], proofs: [], foreignTokens: signature.timeStamps, identities: [],
                certificate: nil, key: nil,
                refusal: .refused(
                    nil, .notAcceptable(.noSigstoreRoot)))
        }
        let tokens = signature.timeStamps.indices.filter { !best.ownTokens.contains($0) }
        let key = best.key.map { publicKey, algorithm in
            CertifiedKey(publicKey: publicKey, algorithm: algorithm, roles: [])
        }
        return KeylessResult(
            steps: best.findings,
            proofs: best.times.map(\.proof).filter { impossibility(of: $0) == nil },
            foreignTokens: tokens.map { signature.timeStamps[$0] },
            identities: identities, certificate: best.certificate,
            key: key, refusal: best.isSound ? nil : refusal(of: best))
    }

    /// Why a signature does not count that a step has something against.
    private func refusal(of check: KeylessCheck) -> Signer {
        let identity = identities(of: check).first
        let obstacles = check.findings.filter(\.isObstacle)
        // Whose certificate no root has certified may say any name.
        let isOfIdentity = identity != nil && check.issuer != nil
        let found = obstacles.first { $0.status == .fail } ?? obstacles.first
        guard let found else { return .unknown }
        if found.step == .content, obstacles.count == 1, isOfIdentity {
            return .refused(identity, .otherContent(found.reason))
        }
        if found.step == .identity, obstacles.count == 1 {
            return .refused(
                nil,
                .notAcceptable(
                    NotAcceptable(.key, found.reason, remedy: Self.remedyOfStranger)))
        }
        return .refused(
            isOfIdentity ? identity : nil, .keyless(found, isOfIdentity: isOfIdentity))
    }

    private static let remedyOfStranger =
        "if the signer is to be trusted, add the identity: trust add --identity … --issuer … --root …"

    /// The identities of the policy that a certificate is of, by all that it says.
    private func identities(of check: KeylessCheck) -> [PolicyKey] {
        guard let name = check.name, let claims = check.claims else { return [] }
        return (policy?.keys ?? []).filter { key in
            guard case .sigstore(let identity) = key.material, identity.root == check.entry.id
            else { return false }
            return identity.isNamed(name, by: claims) && identity.missing(in: claims) == nil
        }
    }

    /// Who of the policy the signer is.
    private func identify(_ check: KeylessCheck) -> SigstoreFinding {
        guard check.certificate?.extensions != nil else {
            return SigstoreFinding(.identity, .notApplicable, KeylessCheck.noCertificate)
        }
        guard let name = check.name else {
            return SigstoreFinding(
                .identity, .notApplicable, "the certificate has not one name to compare")
        }
        guard let claims = check.claims else {
            return SigstoreFinding(.identity, .fail, check.malformedClaims ?? "")
        }
        let found = identities(of: check)
        guard found.isEmpty else {
            let ids = found.map(\.id).joined(separator: ", ")
            return SigstoreFinding(.identity, .pass, "is of \(ids)")
        }
        for key in policy?.keys ?? [] {
            guard case .sigstore(let identity) = key.material, identity.root == check.entry.id,
                identity.isNamed(name, by: claims), let field = identity.missing(in: claims)
            else { continue }
            let value = claims.values[field].map { printable($0) } ?? "nothing"
            return SigstoreFinding(
                .identity, .unknown,
                "its \(field.rawValue) is \(value), and \(key.id) demands another")
        }
        let issuer = claims.issuer.isEmpty ? "nobody that it names" : printable(claims.issuer)
        return SigstoreFinding(
            .identity, .unknown,
            "it is by \(printable(name.text)), whom \(issuer) vouched for, and no identity of the policy "
                + "is that")
    }
}

extension KeylessResult {
    /// Who signed: the identities, while their certificate counts.
    ///
    /// Where no time of the root may date a signer, because they have one operator, another's proof must lie in
    /// the certificate's few minutes.
    func signer(
        dating proofs: [TimeProof], by verifier: SignatureVerifier
    ) -> SignatureVerifier.Signer {
        if let refusal { return refusal }
        guard let certificate, let key, let first = identities.first else { return .unknown }
        if let other = identities.first(where: { !$0.agrees(with: first) }) {
            return .refused(
                first,
                .certificate(
                    .chain(
                        "its signer is also \(other.id), of another operator or with another "
                            + "`revoked`")))
        }
        return .keys(
            identities.map { identity in
                var certified = identity
                certified.material = .certified(
                    CertifiedKey(
                        publicKey: key.publicKey, algorithm: key.algorithm,
                        roles: identity.material.roles))
                if !self.proofs.contains(where: { $0.operator != identity.operator }) {
                    certified.narrow(to: certificate)
                }
                return verifier.united(certified)
            })
    }
}

extension KeylessCheck {
    /// How little a root fits: whether it certified the signer, and how much it has against the bundle.
    fileprivate var rank: [Int] {
        let failures = findings.count { $0.status == .fail }
        let doubts = findings.count { $0.status == .unknown }
        return [issuer == nil ? 1 : 0, failures + doubts, failures]
    }
}

extension PolicyKey {
    /// The same entry, while a certificate is valid.
    fileprivate mutating func narrow(to certificate: Certificate) {
        let start = Instant(secondsSince1970: certificate.notBefore)
        let end = Instant(secondsSince1970: certificate.notAfter)
        notBefore = [start, notBefore].compactMap(\.self).max()
        notAfter = [end, notAfter].compactMap(\.self).min()
    }
}

extension NotAcceptable {
    fileprivate static var noSigstoreRoot: NotAcceptable {
        NotAcceptable(
            .key, "its signer has a certificate, and the policy has no trusted root of Sigstore",
            remedy:
                "add the signer's identity with a root: trust add --identity … --issuer … --root FILE"
        )
    }
}

extension GeneralName {
    /// The name itself.
    var text: [UInt8] {
        switch self {
        case .email(let text), .uri(let text), .other(_, let text): text
        case .unread: []
        }
    }
}

extension TrustPolicy {
    /// The trusted roots, with their entries.
    var sigstoreRoots: [(entry: PolicyKey, key: SigstoreRootKey)] {
        keys.compactMap { entry in
            if case .sigstoreRoot(let root) = entry.material { (entry, root) } else { nil }
        }
    }
}
