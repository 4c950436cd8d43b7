import OpenSSL

/// A bare signature over the content itself, out of whichever carrier brought it.
///
/// It names no key that the policy could know, so every key of a fitting type and length is tried,
/// each with its one algorithm.
struct RawSignature: UnverifiedSignature {
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

    func relation(to key: any KeyMaterial) -> KeyRelation {
        guard let key = key as? SPKIKey, let bytes = usualBytes(for: key) else { return .other }
        if let statedAlgorithms, !statedAlgorithms.contains(key.algorithm) { return .other }
        return key.couldHaveMade(bytes) ? .possible : .other
    }

    func verify(
        with key: any KeyMaterial, over content: SignedContent
    ) throws(OpenSSLError) -> SignatureVerdict {
        guard let key = key as? SPKIKey, let bytes = usualBytes(for: key),
            try key.accepts(bytes, over: content.bytes)
        else { return .invalid("the signature does not verify over the content") }
        return .verifies
    }

    private func usualBytes(for key: SPKIKey) -> [UInt8]? {
        let type = key.publicKey.type
        guard encoding == .concatenated, type == .p256 || type == .p384 else { return bytes }
        return PublicKey.derSignature(fromP1363: bytes, type: type)
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
