import Encodings
import OpenSSL

/// One signature of a DSSE envelope, together with the payload that it is over.
struct DSSESignature: UnverifiedSignature {
    let envelope: DSSEEnvelope
    let signature: DSSEEnvelope.Signature

    var hint: [UInt8]? { signature.keyID.isEmpty ? nil : signature.keyID }

    func relation(to key: any KeyMaterial) -> KeyRelation {
        guard let key = key as? SPKIKey else { return .other }
        if signature.keyID == Hex.encode(key.publicKey.fingerprint.bytes) { return .named }
        return key.couldHaveMade(signature.bytes) ? .possible : .other
    }

    func verify(
        with key: any KeyMaterial, over content: SignedContent
    ) throws(OpenSSLError) -> SignatureVerdict {
        guard let key = key as? SPKIKey,
            try key.accepts(signature.bytes, over: envelope.signingInput)
        else { return .invalid("the signature does not verify over the envelope's payload") }
        guard envelope.payload == content.bytes else {
            return .otherContent("the envelope's payload is not the content in question")
        }
        if let type = content.payloadType, envelope.payloadType != type {
            let found = printable(envelope.payloadType)
            return .otherContent("the payload type is \(found), not \(printable(type))")
        }
        return .verifies
    }
}
