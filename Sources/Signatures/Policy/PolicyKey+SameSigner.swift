import CloseoutOpenSSL

extension PolicyKey {
    /// Whether two entries are about one signer, in whatever formats: one public key, or certificates
    /// under one name or key and, for a name, of one anchor.
    func isOfSameSigner(as other: PolicyKey) -> Bool {
        guard Set(material.publicKeys).isDisjoint(with: other.material.publicKeys) else {
            return true
        }
        return switch (material, other.material) {
        case (.x509(let one), .x509(let two)): one.isOfSameSigner(as: two)
        case (.x509(let entry), _): entry.isOfSigner(with: other.material.publicKeys)
        case (_, .x509(let entry)): entry.isOfSigner(with: material.publicKeys)
        case (.timestamp(let one), .timestamp(let two)):
            one.anchor.publicKey != nil && one.anchor.publicKey == two.anchor.publicKey
        case (.sigstore, .sigstore): accepts(exactlyAs: other)
        case (.sigstoreRoot(let one), .sigstoreRoot(let two)):
            one.authorityKeys == two.authorityKeys
        default: false
        }
    }
}

extension PolicyKey {
    /// Whether two entries accept the very same signers of Sigstore's.
    func accepts(exactlyAs other: PolicyKey) -> Bool {
        guard case .sigstore(let one) = material, case .sigstore(let two) = other.material else {
            return false
        }
        return one.issuer == two.issuer && one.subject == two.subject && one.claims == two.claims
    }
}

extension X509Key {
    fileprivate func isOfSameSigner(as other: X509Key) -> Bool {
        switch (holder, other.holder) {
        case (.key(let one), .key(let two)): one == two
        case (.subjects(let some), .subjects(let others)):
            anchor.publicKey != nil && anchor.publicKey == other.anchor.publicKey
                && some.contains(where: others.contains)
        case (.key, .subjects), (.subjects, .key): false
        }
    }

    /// Whether the entry accepts one of these keys, as far as it says so itself: by the digest of
    /// the key, or because the anchor is that signer's own certificate.
    fileprivate func isOfSigner(with keys: [PublicKey]) -> Bool {
        switch holder {
        case .key(let digest): return keys.contains { $0.fingerprint == digest }
        case .subjects(let names):
            guard let own = anchor.publicKey, keys.contains(own) else { return false }
            return names.contains(anchor.subject)
                || anchor.alternativeNames.contains(where: names.contains)
        }
    }
}
