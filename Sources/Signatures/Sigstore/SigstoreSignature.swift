import CloseoutEncodings
import CloseoutOpenSSL

/// The one signature of a Sigstore bundle.
struct SigstoreSignature: KeyedSignature {
    let bundle: SigstoreBundle

    var hint: [UInt8]? { bundle.keyHint.isEmpty ? nil : bundle.keyHint }

    var remark: SignatureRemark? {
        guard bundle.logEntryCount > 0 else { return nil }
        let text = "transparency log entries, not verified: \(bundle.logEntryCount)"
        return SignatureRemark(text: Array(text.utf8), isSigned: false)
    }

    /// A token covers the signature value, which the bundle carries.
    var timeStampedBytes: [UInt8]? { bundle.signature }

    var timeStamps: [[UInt8]] { bundle.timestamps }

    func relation(to key: PolicyKeyValue) -> KeyRelation {
        guard case .spki(let key) = key else { return .other }
        if SigstoreKeyHint.names(key.publicKey, as: bundle.keyHint) { return .named }
        if bundle.isMessage, key.algorithm == .ed25519 { return .other }
        return key.couldHaveMade(bundle.signature) ? .possible : .other
    }

    func check(
        with key: PolicyKeyValue, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck {
        switch bundle.content {
        case .envelope: return try envelope.check(with: key, over: content)
        case .message(let stated):
            guard case .spki(let key) = key else { return .invalid("no key of Sigstore bundles") }
            return try check(with: key, over: content.message, stated)
        }
    }

    func needs(of keys: [PolicyKey]) -> MessageNeeds {
        guard case .message(let stated) = bundle.content else { return MessageNeeds() }
        var needs = MessageNeeds.of(
            keys.filter { relation(to: $0.material) != .other }.map(\.material.algorithm)
                .filter { $0 != .ed25519 })
        if let stated { needs.digests.insert(MessageDigest(stated.algorithm)) }
        needs.addReasons(for: bundle.signature, by: keys)
        return needs
    }

    func diagnosis(
        by key: PublicKey, of entry: PolicyKey, over content: CheckedContent
    ) throws(OpenSSLError) -> NotAcceptable? {
        switch bundle.content {
        case .envelope: return try envelope.diagnosis(by: key, of: entry, over: content)
        case .message:
            return try entry.plainDiagnosis(
                of: bundle.signature, over: content.message, by: key, format: "Sigstore")
        }
    }

    /// The envelope in the bundle as one of its own; empty where there is none.
    private var envelope: DSSESignature {
        let signature = DSSEEnvelope.Signature(keyID: [], bytes: bundle.signature)
        guard case .envelope(let payloadType, let payload) = bundle.content else {
            let none = DSSEEnvelope(payloadType: [], payload: [], signatures: [])
            return DSSESignature(envelope: none, signature: signature)
        }
        let envelope = DSSEEnvelope(
            payloadType: payloadType, payload: payload, signatures: [signature])
        return DSSESignature(envelope: envelope, signature: signature)
    }

    /// Checks a signature over the message itself; what the bundle states of the message's digest
    /// is compared with the message, and never takes its place.
    private func check(
        with key: SPKIKey, over message: Message, _ stated: SigstoreBundle.StatedDigest?
    ) throws(OpenSSLError) -> SignatureCheck {
        guard key.algorithm != .ed25519 else {
            return .notAcceptable(
                NotAcceptable(
                    .form,
                    "Ed25519 message signatures are not accepted, only DSSE envelopes"))
        }
        let isOfMessage = try stated.map { stated throws(OpenSSLError) in
            try message.digest(MessageDigest(stated.algorithm)) == stated.bytes
        }
        let reason = "the signature does not verify over the content"
        let check = try key.check(
            bundle.signature, over: message,
            isOfMessage == false ? "\(reason), nor is its messageDigest" : reason)
        guard check.isVerified, isOfMessage == false else { return check }
        return .otherContent("the bundle's messageDigest is not that of the content")
    }
}

extension SigstoreBundle {
    /// Whether the signature covers a file beside the bundle.
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
