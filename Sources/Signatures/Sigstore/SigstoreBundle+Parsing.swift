import CloseoutEncodings
import CloseoutOpenSSL

extension SigstoreBundle {
    /// Reads a bundle.
    ///
    /// All objects are closed, and byte strings are in padded standard base64.
    ///
    /// - Throws: `SignatureError` for bad JSON, another version, a certificate in place of a public
    ///   key, an unknown member or anything else that the format does not have.
    package init(parsing bytes: [UInt8]) throws(SignatureError) {
        let json: JSON
        do { json = try JSON(parsing: bytes) } catch { throw .json(error) }
        if let unsupported = Self.unsupported(json) { throw .unsupported(unsupported) }
        do { try self.init(json) } catch { throw .shape(error) }
        guard !isMessageOfEd25519 else {
            throw .unsupported(
                "a message signature of 64 bytes, which for Ed25519 may be over the message or over "
                    + "its digest: only a DSSE envelope can")
        }
    }

    private init(_ json: JSON) throws(JSONShapeError) {
        var reader = try JSONObjectReader(json)
        let mediaType = try reader.required("mediaType")
        guard Self.readableMediaTypes.contains(try mediaType.string()) else {
            throw mediaType.invalid("not a bundle of version 0.1, 0.2 or 0.3")
        }
        let material = try SigstoreVerificationMaterial(reader.required("verificationMaterial"))
        let signed: SigstoreSigned
        switch (reader.present("messageSignature"), reader.present("dsseEnvelope")) {
        case (let message?, nil): signed = try SigstoreSigned(message: message)
        case (nil, let envelope?): signed = try SigstoreSigned(envelope: envelope)
        default:
            throw reader.invalid("dsseEnvelope", "must be there, or else messageSignature")
        }
        guard case .key(let hint) = material.signer else {
            throw reader.invalid("verificationMaterial", "a certificate where a public key belongs")
        }
        let hints = Set([hint, signed.keyID].filter { !$0.isEmpty })
        guard hints.count < 2 else {
            throw reader.invalid("dsseEnvelope", "its keyid is not the hint of publicKey")
        }
        try reader.finish()
        content = signed.content
        signature = signed.signature
        keyHint = hints.first ?? []
        logEntryCount = material.logEntries.count
        timestamps = material.timestamps
    }
}

extension SigstoreBundle {
    /// What a bundle has that is not read here, whatever else it may hold.
    static func unsupported(_ json: JSON) -> String? {
        guard case .string(let type)? = json["mediaType"],
            type.starts(with: mediaTypePrefix.utf8),
            !readableMediaTypes.contains(where: { $0.utf8.elementsEqual(type) })
        else { return nil }
        return "a bundle of another version than 0.1, 0.2 and 0.3"
    }

    private var isMessageOfEd25519: Bool {
        isMessage && signature.count == 64 && signature.first != derSequence
    }
}

/// What is signed, and the signature over it.
struct SigstoreSigned {
    let content: SigstoreBundle.Content
    let signature: [UInt8]
    var keyID: [UInt8] = []

    /// Reads a signature over the bytes of a file beside the bundle.
    init(message item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        var digest: SigstoreBundle.StatedDigest?
        if let stated = reader.present("messageDigest") { digest = try Self.digest(stated) }
        signature = try reader.required("signature").nonEmptyBase64()
        try reader.finish()
        content = .message(digest)
    }

    /// Reads an envelope, which has exactly one signature here.
    init(envelope item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        let payloadType = try reader.bytes("payloadType")
        content = .envelope(payloadType: payloadType, payload: try reader.base64("payload"))
        let list = try reader.required("signatures")
        try reader.finish()
        let signatures = try list.array()
        guard signatures.count == 1, let only = signatures.first else {
            throw list.invalid("\(signatures.count) signatures, where exactly one belongs")
        }
        var signer = try only.object()
        signature = try signer.required("sig").nonEmptyBase64()
        keyID = try signer.present("keyid")?.bytes() ?? []
        try signer.finish()
    }

    private static func digest(
        _ item: JSONItem
    ) throws(JSONShapeError) -> SigstoreBundle.StatedDigest {
        var reader = try item.object()
        let name = try reader.required("algorithm")
        let text = try name.string()
        let known = DigestAlgorithm.allCases.first { $0.sigstoreName == text }
        guard let known else { throw name.invalid("not SHA2_256, SHA2_384 or SHA2_512") }
        let digest = try reader.required("digest")
        let bytes = try digest.base64()
        try reader.finish()
        guard bytes.count == known.size else { throw digest.invalid("not \(known.size) bytes") }
        return SigstoreBundle.StatedDigest(algorithm: known, bytes: bytes)
    }
}

/// How every elliptic curve signature in DER begins.
private let derSequence: UInt8 = 0x30
