import CloseoutOpenSSL

/// A bare signature over the content itself, out of whichever carrier brought it.
///
/// It names no key that the policy could know, so every key of a fitting type and length is tried,
/// each with its one algorithm.
struct RawSignature: KeyedSignature {
    let bytes: [UInt8]
    var encoding = Encoding.usual
    /// The algorithms that the carrier's statement fits; a key of another one is not tried.
    var statedAlgorithms: [SignatureAlgorithm]?
    /// What the carrier calls the key.
    var hint: [UInt8]?

    /// How an elliptic curve signature is written; others have one form only.
    enum Encoding {
        /// DER, as nearly every signer writes it.
        case usual
        /// The two numbers side by side, each as long as the curve's order.
        case concatenated
    }

    func relation(to key: PolicyKeyValue) -> KeyRelation {
        guard case .spki(let key) = key, let bytes = usualBytes(for: key.publicKey) else {
            return .other
        }
        if let statedAlgorithms, !statedAlgorithms.contains(key.algorithm) { return .other }
        return key.couldHaveMade(bytes) ? .possible : .other
    }

    func check(
        with key: PolicyKeyValue, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck {
        let reason = "the signature does not verify over the content"
        guard case .spki(let key) = key, let bytes = usualBytes(for: key.publicKey) else {
            return .invalid(reason)
        }
        // A bare file does not state the salt, and signers' defaults differ: it is recovered. A service
        // that names the algorithm has the salt that goes with it.
        return try key.check(
            bytes, over: content.message, salt: statedAlgorithms == nil ? .any : .hashLength, reason
        )
    }

    func needs(of keys: [PolicyKey]) -> MessageNeeds {
        var needs = MessageNeeds.of(
            keys.filter { relation(to: $0.material) == .possible }
                .map(\.material.algorithm))
        needs.addReasons(for: bytes, by: keys)
        return needs
    }

    func diagnosis(
        by key: PublicKey, of entry: PolicyKey, over content: CheckedContent
    ) throws(OpenSSLError) -> NotAcceptable? {
        guard let usual = usualBytes(for: key) else { return nil }
        let found = try entry.plainDiagnosis(
            of: usual, over: content.message, by: key, format: "plain", stated: statedAlgorithms)
        guard found == nil, encoding == .usual,
            let der = PublicKey.derSignature(fromP1363: bytes, type: key.type),
            try entry.plainDiagnosis(
                of: der, over: content.message, by: key, format: "", wasTried: false) != nil
        else { return found }
        return NotAcceptable(
            .form, "it is r and s side by side, where ECDSA signatures are read in DER",
            remedy: "give it as its signer wrote it, with --type azure-keyvault for base64url")
    }

    private func usualBytes(for key: PublicKey) -> [UInt8]? {
        guard encoding == .concatenated, key.type.isCurveOfECDSA else { return bytes }
        return PublicKey.derSignature(fromP1363: bytes, type: key.type)
    }
}

extension RawSignature {
    /// Takes a signature's bytes out of a carrier.
    ///
    /// - Throws: `SignatureError.wrongLength` where no accepted algorithm makes so many bytes.
    init(
        _ bytes: [UInt8], encoding: Encoding = .usual,
        statedAlgorithms: [SignatureAlgorithm]? = nil, hint: [UInt8]? = nil
    ) throws(SignatureError) {
        guard SignatureLength.isPlausible(bytes) else { throw .wrongLength(bytes.count) }
        self.bytes = bytes
        self.encoding = encoding
        self.statedAlgorithms = statedAlgorithms
        self.hint = hint
    }
}

extension KeyType {
    /// Whether signatures by keys of this type are two numbers.
    var isCurveOfECDSA: Bool {
        switch self {
        case .p256, .p384, .p521: true
        case .ed25519, .rsa, .mldsa44, .mldsa65, .mldsa87: false
        }
    }
}
