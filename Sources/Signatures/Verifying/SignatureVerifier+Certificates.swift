import CloseoutEncodings
import CloseoutOpenSSL

extension SignatureVerifier {
    /// Verifies a signature by the certificate that it names; of several by the one that serves it best.
    ///
    /// Implements "Certificates" of docs/trust-policy.md.
    func signer(
        of signature: CMSSignature, over content: CheckedContent, _ proofs: [TimeProof],
        _ seeksReasons: Bool
    ) throws(OpenSSLError) -> Signer {
        var (best, bestRank) = (Signer.unknown, Int.max)
        let leaves = try signature.signers(among: material, policy?.anchors ?? [])
        guard !leaves.isEmpty else { return .refused(nil, .notAcceptable(signature.missing)) }
        for leaf in leaves {
            let signer = try signer(of: signature, leaf, over: content, proofs)
            let rank = rank(of: signer, proofs)
            if rank < bestRank { (best, bestRank) = (signer, rank) }
        }
        guard case .unknown = best else { return best }
        guard seeksReasons else { return .refused(nil, .notAcceptable(.reasonNotSought)) }
        return try diagnosis(of: signature, leaves, over: content)
    }

    /// Why a signature does not count whose certificate leads to no anchor.
    private func diagnosis(
        of signature: CMSSignature, _ leaves: [Certificate], over content: CheckedContent
    ) throws(OpenSSLError) -> Signer {
        for leaf in leaves {
            switch try signature.verdict(by: leaf, over: content) {
            case .notAcceptable(let reason):
                return .refused(nil, .notAcceptable(NotAcceptable(.algorithm, reason)))
            case .verifies:
                guard let publicKey = leaf.publicKey,
                    let key = policy?.keys.first(where: {
                        $0.material.publicKeys.contains(publicKey)
                    })
                else { continue }
                return .refused(key, .notAcceptable(.plainKey(key.id)))
            case .wrong, .otherContent: continue
            }
        }
        return .unknown
    }

    /// How little it serves a signature to be by a signer.
    private func rank(of signer: Signer, _ proofs: [TimeProof]) -> Int {
        switch signer {
        case .unknown: return .max
        case .refused(_, let outcome): return outcome.effect.rawValue
        case .keys(let keys):
            let proof = earliestProof(for: keys, among: proofs)
            return keys.map { $0.status(asOf: asOf, proof: proof).effect.rawValue }.min() ?? .max
        }
    }

    /// Verifies a signature by one certificate.
    private func signer(
        of signature: CMSSignature, _ leaf: Certificate, over content: CheckedContent,
        _ proofs: [TimeProof]
    ) throws(OpenSSLError) -> Signer {
        let own = signature.certificates
        let untrusted = own + material.issuers(of: [leaf] + own)
        var certified: [PolicyKey] = []
        var refusal = Signer.unknown
        for key in policy?.keys ?? [] {
            guard case .x509(let anchor) = key.material, try anchor.accepts(leaf) else {
                continue
            }
            let candidate = CertificateCandidate(
                key: key, anchor: anchor, leaf: leaf,
                builder: ChainBuilder(anchor: anchor.anchor, untrusted: untrusted),
                proof: earliestProof(for: [key], among: proofs))
            switch try status(of: candidate, signature, content) {
            case .keys(let keys): certified += keys
            case .refused(let key, let outcome):
                let found = Signer.refused(key, outcome)
                if rank(of: found, proofs) < rank(of: refusal, proofs) { refusal = found }
            case .unknown: continue
            }
        }
        guard let first = certified.first else { return refusal }
        if let other = certified.first(where: { !$0.agrees(with: first) }) {
            return .refused(first, .certificate(.chain(Self.conflict(with: other.id))))
        }
        return .keys(certified)
    }

    /// One entry's word on a signature: its key in the certificate's window, or what is against it.
    private func status(
        of candidate: CertificateCandidate, _ signature: CMSSignature,
        _ content: CheckedContent
    ) throws(OpenSSLError) -> Signer {
        let outcome = try candidate.chain(asOf: asOf)
        guard outcome != .notAnchored else { return .unknown }
        let algorithm: SignatureAlgorithm
        switch try signature.verdict(by: candidate.leaf, over: content) {
        case .verifies(let stated): algorithm = stated
        case .wrong(let reason): return candidate.refused(.invalid(reason))
        case .otherContent(let reason): return candidate.refused(.otherContent(reason))
        case .notAcceptable(let reason):
            return candidate.refused(.notAcceptable(NotAcceptable(.algorithm, reason)))
        }
        guard case .chain(let chain) = outcome else {
            return candidate.refused(.certificate(.chain(outcome.reason)))
        }
        if let refusal = candidate.anchor.algorithms.refusal(of: algorithm) {
            return candidate.refused(.notAcceptable(refusal))
        }
        if let reason = conflict(of: candidate) {
            return candidate.refused(.certificate(.chain(reason)))
        }
        if let reason = candidate.anchor.misuse(of: chain) {
            return candidate.refused(.certificate(.purpose(reason)))
        }
        let key = united(candidate.certified(chain, algorithm))
        let status = key.status(asOf: asOf, proof: candidate.proof)
        // Where its time is unknown only a revocation makes it worse, as that of a plain key does.
        guard status == .accepted || status.effect == .ignored else { return .keys([key]) }
        let rule = RevocationRule(
            asOf: asOf, provenTime: candidate.proof?.latest,
            needsLists: status == .accepted && candidate.anchor.needsRevocationLists)
        if let defect = try rule.defect(of: chain, candidate.builder, material) {
            return candidate.refused(.certificate(defect))
        }
        return .keys([key])
    }

    /// One public key has one operator and one end, however the policy names it.
    private func conflict(of candidate: CertificateCandidate) -> String? {
        guard let publicKey = candidate.leaf.publicKey,
            let other = policy?.keys.first(where: { other in
                other.material.publicKeys.contains(publicKey)
                    && !other.agrees(with: candidate.key)
            })
        else { return nil }
        return Self.conflict(with: other.id)
    }

    private static func conflict(with id: String) -> String {
        "its key is also \(id), of another operator or with another `revoked`"
    }
}

/// One entry of the policy that accepts the holder of a certificate.
private struct CertificateCandidate {
    let key: PolicyKey
    let anchor: X509Key
    let leaf: Certificate
    let builder: ChainBuilder
    let proof: TimeProof?

    /// A chain that holds at the signing time, or else one that holds but for its times.
    func chain(asOf: Instant) throws(OpenSSLError) -> ChainBuilder.Outcome {
        let time = min(proof?.latest ?? asOf, asOf).secondsSince1970
        var outcome = try builder.chain(from: leaf, for: .signing, at: time)
        if case .chain = outcome {
        } else {
            outcome = try builder.chain(from: leaf, for: .signing, at: nil)
        }
        guard case .chain(let chain) = outcome, chain.count > 1, try anchor.isForItself else {
            return outcome
        }
        return .refused("the policy has this key for its own certificate, and for none below that")
    }

    func refused(_ outcome: SignatureResult.Outcome) -> SignatureVerifier.Signer {
        .refused(key, outcome)
    }

    /// The entry for the leaf's own key, while it and all above it are valid.
    func certified(_ chain: [Certificate], _ algorithm: SignatureAlgorithm) -> PolicyKey {
        let starts = chain.compactMap { Instant(secondsSince1970: $0.notBefore) }
        let ends = chain.compactMap { Instant(secondsSince1970: $0.notAfter) }
        var certified = key
        if let publicKey = leaf.publicKey {
            certified.material = .certified(
                CertifiedKey(publicKey: publicKey, algorithm: algorithm, roles: anchor.roles))
        }
        certified.notBefore = (starts + [key.notBefore].compactMap(\.self)).max()
        certified.notAfter = (ends + [key.notAfter].compactMap(\.self)).min()
        return certified
    }
}

extension NotAcceptable {
    /// The policy knows the signer's key, and not through a certificate.
    fileprivate static func plainKey(_ id: String) -> NotAcceptable {
        NotAcceptable(
            .key,
            "the key of \(id) made it, and CMS signatures count only through certificates",
            remedy:
                "give the policy the signer's certificate or its authority's, in the format x509",
            isByKey: true)
    }
}

extension TrustPolicy {
    /// The certificates of all anchors, which can also be those of signers.
    var anchors: [Certificate] {
        keys.compactMap { key in
            if case .x509(let entry) = key.material { entry.anchor } else { nil }
        }
    }
}

extension [SignatureAlgorithm]? {
    /// Why an algorithm is not one of these; nil takes each.
    func refusal(of algorithm: SignatureAlgorithm) -> NotAcceptable? {
        guard let allowed = self, !allowed.contains(algorithm) else { return nil }
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return NotAcceptable(
            .algorithm,
            "it is made with \(algorithm.rawValue), and the policy takes \(names) of this entry",
            isByKey: true)
    }
}

extension X509Key {
    /// What a certificate of the chain is for, where that is not signing for these purposes.
    fileprivate func misuse(of chain: [Certificate]) -> String? {
        guard let leaf = chain.first else { return nil }
        guard leaf.allowsSigning else { return "the certificate's key is not for signatures" }
        guard !purposes.contains(ExtendedKeyUsage.any) else { return nil }
        let names = purposes.map(KeyPurpose.name).joined(separator: ", ")
        guard let usage = leaf.extendedKeyUsage,
            usage.purposes.contains(where: purposes.contains)
        else { return "the certificate is not for \(names)" }
        let allowed = purposes + [ExtendedKeyUsage.any]
        let isLimited = chain.dropFirst().dropLast().contains { authority in
            authority.extendedKeyUsage.map { !$0.purposes.contains(where: allowed.contains) }
                ?? false
        }
        return isLimited ? "an authority of the chain is not for \(names)" : nil
    }
}
