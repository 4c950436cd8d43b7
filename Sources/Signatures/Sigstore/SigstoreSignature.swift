import Encodings
import OpenSSL

/// The one signature of a Sigstore bundle.
struct SigstoreSignature: UnverifiedSignature {
    let bundle: SigstoreBundle

    var hint: [UInt8]? { bundle.keyHint.isEmpty ? nil : bundle.keyHint }

    var remark: SignatureRemark? {
        guard bundle.logEntryCount > 0 else { return nil }
        let text = "transparency log entries, not verified: \(bundle.logEntryCount)"
        return SignatureRemark(text: Array(text.utf8), isSigned: false)
    }

    /// A token is over the signature value, which the bundle carries.
    var timeStampedBytes: [UInt8]? { bundle.signature }

    var timeStamps: [[UInt8]] { bundle.timestamps }

    func relation(to key: any KeyMaterial) -> KeyRelation {
        guard let key = key as? SPKIKey else { return .other }
        if SigstoreKeyHint.names(key.publicKey, as: bundle.keyHint) { return .named }
        if bundle.isMessage, key.algorithm == .ed25519 { return .other }
        return key.couldHaveMade(bundle.signature) ? .possible : .other
    }

    func verify(
        with key: any KeyMaterial, over content: SignedContent
    ) throws(OpenSSLError) -> SignatureVerdict {
        guard let key = key as? SPKIKey else { return .invalid("not a key of Sigstore bundles") }
        switch bundle.content {
        case .envelope(let payloadType, let payload):
            let signature = DSSEEnvelope.Signature(keyID: [], bytes: bundle.signature)
            let envelope = DSSEEnvelope(
                payloadType: payloadType, payload: payload, signatures: [signature])
            return try DSSESignature(envelope: envelope, signature: signature)
                .verify(with: key, over: content)
        case .message(let stated):
            return try verify(with: key, over: content.bytes, stated)
        }
    }

    /// Checks a signature over the message itself; what the bundle states of the message's digest
    /// is compared with the message, and never takes its place.
    private func verify(
        with key: SPKIKey, over message: [UInt8], _ stated: SigstoreBundle.StatedDigest?
    ) throws(OpenSSLError) -> SignatureVerdict {
        guard key.algorithm != .ed25519 else {
            return .invalid("Ed25519 message signatures are not accepted, only DSSE envelopes")
        }
        let isOfMessage = try stated.map { stated throws(OpenSSLError) in
            try digest(stated.algorithm, of: message) == stated.bytes
        }
        guard try key.accepts(bundle.signature, over: message) else {
            let reason = "the signature does not verify over the content"
            return .invalid(isOfMessage == false ? "\(reason), nor is its messageDigest" : reason)
        }
        guard isOfMessage != false else {
            return .otherContent("the bundle's messageDigest is not that of the content")
        }
        return .verifies
    }
}

extension SigstoreBundle {
    /// Whether the signature is over a file beside the bundle.
    var isMessage: Bool {
        if case .message = content { true } else { false }
    }
}

/// The ways in which clients name a managed key.
enum SigstoreKeyHint {
    /// The hint that new bundles have: the hex SHA-256 of the key's PEM text.
    static func hint(for key: PublicKey) throws(OpenSSLError) -> [UInt8] {
        Hex.encode(try digest(.sha256, of: key.pem))
    }

    /// Whether a hint is one by which some client would name this key.
    static func names(_ key: PublicKey, as hint: [UInt8]) -> Bool {
        let fingerprint = key.fingerprint.bytes
        let names = [Base64.encode(fingerprint), Hex.encode(fingerprint), try? Self.hint(for: key)]
        return names.contains(hint)
    }
}
