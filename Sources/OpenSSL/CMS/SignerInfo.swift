/// One signer of a SignedData, as the signature states it (RFC 5652, 5.3).
package struct SignerInfo: Sendable {
    /// How the signer's certificate is named.
    enum Identifier: Hashable, Sendable {
        /// By the DER of its issuer's name and the content of its serial number.
        case issuerAndSerial([UInt8], [UInt8])
        /// By the identifier that the certificate gives to its key.
        case subjectKey([UInt8])

        /// The version of a SignerInfo that names it so.
        var version: UInt8 {
            switch self {
            case .issuerAndSerial: 1
            case .subjectKey: 3
            }
        }
    }

    /// The signature value: the bytes that a time-stamp of this signature covers.
    package let signature: [UInt8]
    /// How the certificate is named.
    let identifier: Identifier
    /// The identifier of the digest of the content, in dotted decimals.
    let digest: String
    /// The signature's AlgorithmIdentifier.
    let algorithm: AlgorithmIdentifier
    /// What is signed in place of the content, and holds its digest.
    let attributes: SignedAttributes?
    /// Time-stamps over the signature value that came along unsigned (RFC 3161, A), in DER.
    package let timeStamps: [[UInt8]]

    init(_ content: ArraySlice<UInt8>) throws(CMSError) {
        var fields = DERReader(content)
        guard let version = fields.read(.integer) else { throw .malformed("SignerInfo") }
        identifier = try Self.identifier(&fields)
        guard version.elementsEqual([identifier.version]) else {
            throw .malformed("version of SignerInfo")
        }
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
        timeStamps = try Self.timeStamps(fields.readOptional(.constructed1) ?? [])
        guard fields.isAtEnd else { throw .malformed("SignerInfo") }
    }

    /// How the signer names its certificate, for people to find it.
    package enum CertificateName: Equatable, Sendable {
        /// By the issuer's name as in RFC 4514, in UTF-8, and the bytes of the serial number.
        case issuer([UInt8], serial: [UInt8])
        /// By the identifier of the key.
        case keyIdentifier([UInt8])
    }

    /// The name of its certificate; asserted.
    package var certificateName: CertificateName {
        switch identifier {
        case .issuerAndSerial(let issuer, let serial):
            .issuer(Certificate.text(ofNameInDER: issuer) ?? [], serial: serial)
        case .subjectKey(let identifier): .keyIdentifier(identifier)
        }
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

    /// The certificates that the signer names, each once: those that came along before others.
    ///
    /// A key identifier can match several, of one key that was certified again.
    ///
    /// - Throws: Only when a digest could not be computed.
    package func certificates(
        among own: [Certificate], and material: UntrustedCertificates
    ) throws(OpenSSLError) -> [Certificate] {
        var found: [Certificate] = []
        for certificate in own + material.certificates(of: self) {
            guard found.count < Self.mostCertificates else { break }
            if try names(certificate), !found.contains(certificate) { found.append(certificate) }
        }
        return found
    }

    /// How many certificates are tried for one signer.
    static let mostCertificates = 8

    /// Whether the signed attributes name the certificate by its digest, as time-stamps must.
    package var namesCertificateByDigest: Bool { attributes?.signingCertificate != nil }

    /// The tokens among the unsigned attributes, all others of which say nothing here.
    private static func timeStamps(_ attributes: ArraySlice<UInt8>) throws(CMSError) -> [[UInt8]] {
        var reader = DERReader(attributes)
        var tokens: [[UInt8]] = []
        while !reader.isAtEnd {
            var fields = DERReader(reader.read(.sequence) ?? [])
            guard let type = fields.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted),
                let set = fields.readLast(.set)
            else { throw .malformed("unsigned attribute") }
            guard type == timeStampAttribute else { continue }
            var values = DERReader(set)
            while !values.isAtEnd {
                guard let token = values.readWhole(.sequence) else {
                    throw .malformed("unsigned attribute")
                }
                tokens.append(Array(token))
            }
        }
        guard tokens.count <= mostTimeStamps else {
            throw .tooMany("time-stamps", limit: mostTimeStamps)
        }
        return tokens
    }

    /// id-aa-signatureTimeStampToken.
    private static let timeStampAttribute = "1.2.840.113549.1.9.16.2.14"
    private static let mostTimeStamps = 32

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
    /// The parameters as they are written.
    let parameters: Parameters

    /// The forms that the parameters of the algorithms read here have.
    enum Parameters: Equatable, Sendable {
        case absent
        case null
        /// A SEQUENCE, whole.
        case sequence([UInt8])
        /// Anything else.
        case other
    }

    /// Takes the content of an AlgorithmIdentifier apart.
    init?(_ content: ArraySlice<UInt8>) {
        var fields = DERReader(content)
        guard let identifier = fields.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted)
        else { return nil }
        self.identifier = identifier
        if let null = fields.readOptional(.null) {
            guard null.isEmpty else { return nil }
            parameters = .null
        } else if fields.isAtEnd {
            parameters = .absent
        } else {
            var same = fields
            if let sequence = same.readWhole(.sequence) {
                parameters = .sequence(Array(sequence))
            } else {
                parameters = .other
            }
            guard fields.readAny() != nil else { return nil }
        }
        guard fields.isAtEnd else { return nil }
    }

    /// Whether the identifier says all.
    var hasNoParameters: Bool { parameters == .absent || parameters == .null }
}
