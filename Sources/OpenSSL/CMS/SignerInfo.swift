/// One signer of a SignedData, as the signature states it (RFC 5652, 5.3).
package struct SignerInfo: Sendable {
    /// How the signer's certificate is named.
    enum Identifier: Equatable, Sendable {
        /// By the DER of its issuer's name and the content of its serial number.
        case issuerAndSerial([UInt8], [UInt8])
        /// By the identifier that the certificate gives to its key.
        case subjectKey([UInt8])
    }

    /// The signature value: the bytes that a time-stamp of this signature is over.
    package let signature: [UInt8]
    /// How the certificate is named.
    let identifier: Identifier
    /// The identifier of the digest of the content, in dotted decimals.
    let digest: String
    /// The signature's AlgorithmIdentifier.
    let algorithm: AlgorithmIdentifier
    /// What is signed in place of the content, and holds its digest.
    let attributes: SignedAttributes?

    init(_ content: ArraySlice<UInt8>) throws(CMSError) {
        var fields = DERReader(content)
        guard fields.read(.integer) != nil else { throw .malformed("SignerInfo") }
        identifier = try Self.identifier(&fields)
        guard let digest = fields.read(.sequence).flatMap(AlgorithmIdentifier.init),
            digest.hasNoParameters
        else { throw .malformed("SignerInfo") }
        self.digest = digest.identifier
        attributes = try fields.readOptional(.constructed0).map(SignedAttributes.init)
        guard let algorithm = fields.read(.sequence).flatMap(AlgorithmIdentifier.init),
            let signature = fields.read(.octetString)
        else { throw .malformed("SignerInfo") }
        self.algorithm = algorithm
        self.signature = Array(signature)
        _ = fields.readOptional(.constructed1)
        guard fields.isAtEnd else { throw .malformed("SignerInfo") }
    }

    /// Whether this is the certificate that the signer names.
    ///
    /// A certificate that the signed attributes name by its digest must have that digest.
    ///
    /// - Throws: Only when a digest could not be computed.
    package func names(_ certificate: Certificate) throws(OpenSSLError) -> Bool {
        switch identifier {
        case .issuerAndSerial(let issuer, let serial):
            guard certificate.serialNumber == serial, certificate.issuer == issuer else {
                return false
            }
        case .subjectKey(let key):
            guard certificate.subjectKeyIdentifier == key else { return false }
        }
        return try attributes?.signingCertificate?.isOf(certificate) ?? true
    }

    /// Whether the signed attributes name the certificate by its digest, as time-stamps must.
    package var namesCertificateByDigest: Bool { attributes?.signingCertificate != nil }

    private static func identifier(_ fields: inout DERReader) throws(CMSError) -> Identifier {
        if let key = fields.readOptional(.primitive0) { return .subjectKey(Array(key)) }
        guard let content = fields.read(.sequence) else { throw .malformed("SignerIdentifier") }
        var pair = DERReader(content)
        guard let issuer = pair.readWhole(.sequence), let serial = pair.readLast(.integer) else {
            throw .malformed("SignerIdentifier")
        }
        return .issuerAndSerial(Array(issuer), Array(serial))
    }
}

/// An algorithm's identifier with the DER of its parameters.
struct AlgorithmIdentifier: Equatable, Sendable {
    /// The object identifier, in dotted decimals.
    let identifier: String
    /// The parameters as they stand; empty where they are absent or NULL.
    let parameters: [UInt8]

    /// Takes the content of an AlgorithmIdentifier apart.
    init?(_ content: ArraySlice<UInt8>) {
        var fields = DERReader(content)
        guard let identifier = fields.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted)
        else { return nil }
        self.identifier = identifier
        if let null = fields.readOptional(.null) {
            guard null.isEmpty, fields.isAtEnd else { return nil }
            parameters = []
        } else {
            parameters = Array(fields.readWhole(.sequence) ?? [])
            guard fields.isAtEnd else { return nil }
        }
    }

    /// Whether the identifier says all.
    var hasNoParameters: Bool { parameters.isEmpty }
}
