import CloseoutEncodings
import CloseoutOpenSSL

/// One signature of a DSSE envelope, together with the payload that it covers.
struct DSSESignature: KeyedSignature {
    let envelope: DSSEEnvelope
    let signature: DSSEEnvelope.Signature
    /// The fingerprint that the key id is, where it is one.
    private let fingerprint: SHA256Digest?

    init(envelope: DSSEEnvelope, signature: DSSEEnvelope.Signature) {
        self.envelope = envelope
        self.signature = signature
        fingerprint = SHA256Digest(hex: signature.keyID)
    }

    var hint: [UInt8]? { signature.keyID.isEmpty ? nil : signature.keyID }

    func relation(to key: PolicyKeyValue) -> KeyRelation {
        guard case .spki(let key) = key else { return .other }
        if fingerprint == key.publicKey.fingerprint { return .named }
        return key.couldHaveMade(signature.bytes) ? .possible : .other
    }

    func check(
        with key: PolicyKeyValue, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck {
        guard case .spki(let key) = key else { return .notForDSSE }
        let check = try key.check(
            signature.bytes, over: .bytes(envelope.signingInput),
            "the signature does not verify over the envelope's payload")
        guard check.isVerified else { return check }
        guard try content.message.equals(envelope.payload) else {
            return .otherContent("the envelope's payload is not the content in question")
        }
        if let type = content.payloadType, envelope.payloadType != type {
            let found = printable(envelope.payloadType)
            return .otherContent("the payload type is \(found), not \(printable(type))")
        }
        return .verifies
    }

    func diagnosis(
        by key: PublicKey, of entry: PolicyKey, over content: CheckedContent
    ) throws(OpenSSLError) -> NotAcceptable? {
        try entry.plainDiagnosis(
            of: signature.bytes, over: .bytes(envelope.signingInput), by: key, format: "DSSE")
    }
}

extension DSSEEnvelope {
    /// The signatures in file order.
    var unverifiedSignatures: [UnverifiedSignature] {
        signatures.map { .keyed(DSSESignature(envelope: self, signature: $0)) }
    }
}

extension SignatureCheck {
    /// Wrong: the signature does not verify.
    static func invalid(_ reason: String) -> SignatureCheck { .wrong(.invalid(reason)) }

    /// Wrong: the key signed something else.
    static func otherContent(_ reason: String) -> SignatureCheck { .wrong(.otherContent(reason)) }

    fileprivate static var notForDSSE: SignatureCheck {
        .notAcceptable(NotAcceptable(.key, "only keys of the format spki sign DSSE envelopes"))
    }
}
