import CloseoutEncodings
package import CloseoutOpenSSL

extension SigstoreBundle {
    /// The two forms of a new bundle.
    package enum Form: Sendable {
        /// A signature over the content, which is not in the bundle; not for Ed25519.
        case message
        /// A DSSE envelope with the content as payload.
        case envelope
    }

    /// Signs content with one private key.
    ///
    /// - Parameters:
    ///   - content: What to sign; an envelope has its payload type, or `application/octet-stream`
    ///     where it demands none.
    ///   - form: The form of the bundle.
    ///   - key: The key.
    ///   - algorithm: The algorithm that the policy has for the key.
    /// - Returns: A bundle of version 0.3 that names the key by the digest of its PEM text.
    /// - Throws: `KeyError` when the key cannot sign with this algorithm, or in this form.
    package static func signing(
        _ content: SignedContent, as form: Form, with key: borrowing PrivateKey,
        algorithm: SignatureAlgorithm
    ) throws(KeyError) -> SigstoreBundle {
        let signed: Content
        let signature: [UInt8]
        switch form {
        case .envelope:
            let envelope = try DSSEEnvelope.signing(content, with: key, algorithm: algorithm)
            signed = .envelope(payloadType: envelope.payloadType, payload: envelope.payload)
            signature = envelope.signatures.flatMap(\.bytes)
        case .message:
            guard let function = algorithm.digest else {
                throw .unsupported("\(algorithm.rawValue) for a Sigstore message signature")
            }
            signature = try key.sign(content.bytes, algorithm: algorithm)
            signed = .message(try stated(function, of: content.bytes))
        }
        return SigstoreBundle(
            content: signed, signature: signature, keyHint: try hint(for: key.publicKey),
            logEntryCount: 0, timestamps: [])
    }

    private static func stated(
        _ algorithm: DigestAlgorithm, of message: [UInt8]
    ) throws(KeyError) -> StatedDigest {
        do {
            return StatedDigest(algorithm: algorithm, bytes: try digest(algorithm, of: message))
        } catch { throw .openSSL(error) }
    }

    private static func hint(for key: PublicKey) throws(KeyError) -> [UInt8] {
        do { return try SigstoreKeyHint.hint(for: key) } catch { throw .openSSL(error) }
    }
}

extension SigstoreBundle {
    /// The bundle in canonical JSON, of version 0.3; log entries are not kept and not written.
    package var encoded: [UInt8] {
        let material: JSON = [
            "publicKey": ["hint": .string(keyHint)], "tlogEntries": [],
        ]
        let (name, signed) = signedMember
        let bundle: JSON = [
            "mediaType": JSON(Self.mediaType), "verificationMaterial": material, name: signed,
        ]
        return bundle.canonicalBytes
    }

    private var signedMember: (String, JSON) {
        let signature = JSON.string(Base64.encode(self.signature))
        switch content {
        case .envelope(let type, let payload):
            let envelope: JSON = [
                "payload": .string(Base64.encode(payload)), "payloadType": .string(type),
                "signatures": [["sig": signature]],
            ]
            return ("dsseEnvelope", envelope)
        case .message(let stated):
            var members = [JSONMember("signature", signature)]
            if let stated, let name = stated.algorithm.sigstoreName {
                let digest = JSON.string(Base64.encode(stated.bytes))
                members.append(
                    JSONMember("messageDigest", ["algorithm": JSON(name), "digest": digest]))
            }
            return ("messageSignature", .object(members))
        }
    }
}
