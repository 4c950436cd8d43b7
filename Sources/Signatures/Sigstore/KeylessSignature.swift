import CloseoutEncodings
import CloseoutOpenSSL

/// The one signature of a Sigstore bundle whose signer has a certificate that was issued for it.
///
/// Nothing in it is believed. Implements "Bundles" of docs/sigstore.md.
package struct KeylessSignature: SignatureStatement {
    /// The signer's certificate, in DER; it may be none.
    let leaf: [UInt8]
    /// What the signature covers.
    let content: SigstoreBundle.Content
    /// The signature as it is, which is also what the time-stamps cover.
    let signature: [UInt8]
    /// The log entries that came along.
    let entries: [SigstoreLogEntry]
    /// The RFC 3161 responses that came along, in DER.
    package let timeStamps: [[UInt8]]
    /// The certificate, where the bytes are one.
    let certificate: Certificate?

    /// The name in the certificate; asserted.
    package var hint: [UInt8]? {
        certificate?.alternativeNames.first.map { name in
            Array(name.drop { $0 != UInt8(ascii: ":") }.dropFirst())
        }
    }

    /// A token covers the signature value, which the bundle carries.
    package var timeStampedBytes: [UInt8]? { signature }

    /// What verifying it asks of the content.
    var needs: MessageNeeds {
        guard case .message(let stated) = content else { return MessageNeeds() }
        var needs = MessageNeeds()
        let bodies = entries.map { SigstoreBody.statedDigest(of: $0) }
        let implied = certificate?.publicKey.flatMap { SigstoreBody.algorithm(of: $0)?.digest }
        for digest in bodies + [stated?.algorithm, implied] {
            if let digest { needs.digests.insert(MessageDigest(digest)) }
        }
        return needs
    }
}

extension KeylessSignature {
    /// Whether a file names its signer by a certificate, whatever else it may be.
    static func isLikely(_ file: [UInt8]) -> Bool {
        (try? JSON(parsing: file)).map(isLikely) ?? false
    }

    static func isLikely(_ json: JSON) -> Bool {
        guard let material = json["verificationMaterial"] else { return false }
        return ["certificate", "x509CertificateChain"].contains { name in
            material[name].map { $0 != .null } ?? false
        }
    }

    /// Reads a bundle.
    ///
    /// All objects are closed, and byte strings are in padded standard base64.
    ///
    /// - Throws: `SignatureError` for another version, an unknown member or anything else that the format
    ///   does not have.
    init(_ json: JSON) throws(SignatureError) {
        if let unsupported = SigstoreBundle.unsupported(json) { throw .unsupported(unsupported) }
        do { try self.init(reading: json) } catch { throw .shape(error) }
    }

    private init(reading json: JSON) throws(JSONShapeError) {
        var reader = try JSONObjectReader(json)
        let mediaType = try reader.required("mediaType")
        let version = try mediaType.string()
        let isNewest = version == SigstoreBundle.mediaType || version.hasSuffix("version=0.3")
        guard SigstoreBundle.readableMediaTypes.contains(version) else {
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
        guard case .certificates(let certificates, let isChain) = material.signer,
            let first = certificates.first, !(isChain && isNewest)
        else {
            throw reader.invalid(
                "verificationMaterial", "a bundle of version 0.3 has one certificate and no chain")
        }
        for (index, entry) in material.logEntries.enumerated() {
            let place = "verificationMaterial.tlogEntries[\(index)]"
            guard !entry.logIdentifier.isEmpty, !entry.body.isEmpty, !entry.kind.name.isEmpty,
                !entry.kind.version.isEmpty
            else { throw reader.invalid(place, "lacks its log, its kind or its body") }
            let hasProof = entry.proof.map { !$0.checkpoint.isEmpty } ?? false
            guard hasProof || version.hasSuffix("version=0.1") else {
                throw reader.invalid(place, "lacks its proof of inclusion, or the checkpoint of it")
            }
            let before = material.logEntries[..<index]
            guard
                !before.contains(where: {
                    $0.logIdentifier == entry.logIdentifier && $0.index == entry.index
                        || $0.body == entry.body && $0.logIdentifier == entry.logIdentifier
                })
            else { throw reader.invalid(place, "is there twice") }
        }
        try reader.finish()
        leaf = first
        content = signed.content
        signature = signed.signature
        entries = material.logEntries
        timeStamps = material.timestamps
        certificate = try? Certificate(der: first)
    }
}
