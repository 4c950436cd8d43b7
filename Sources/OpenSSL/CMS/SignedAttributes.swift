import CloseoutCOpenSSL

/// What a signer signed in place of the content (RFC 5652, 5.3, 11; RFC 5035).
struct SignedAttributes: Sendable {
    /// The bytes that are signed: the attributes under the tag of a SET.
    let signedBytes: [UInt8]
    /// The type of the content, in dotted decimals.
    let contentType: String
    /// The digest of the content.
    let messageDigest: [UInt8]
    /// The signer's certificate, by its digest.
    let signingCertificate: SigningCertificate?

    /// Takes the content of the attributes apart; each may appear once, with one value.
    init(_ content: ArraySlice<UInt8>) throws(CMSError) {
        var values: [String: ArraySlice<UInt8>] = [:]
        var reader = DERReader(content)
        while !reader.isAtEnd {
            var fields = DERReader(reader.read(.sequence) ?? [])
            guard let type = fields.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted),
                let set = fields.readLast(.set), values.updateValue(set, forKey: type) == nil
            else { throw .malformed("signed attribute") }
        }
        var type = DERReader(values[Self.contentTypeAttribute] ?? [])
        var digest = DERReader(values[Self.messageDigestAttribute] ?? [])
        guard let contentType = type.readLast(.objectIdentifier).flatMap(ObjectIdentifier.dotted),
            let messageDigest = digest.readLast(.octetString)
        else { throw .malformed("signed attribute") }
        self.contentType = contentType
        self.messageDigest = Array(messageDigest)
        if let value = values[Self.signingCertificateV2Attribute] {
            signingCertificate = try SigningCertificate(value, version: 2)
        } else {
            signingCertificate = try values[Self.signingCertificateAttribute]
                .map { value throws(CMSError) in try SigningCertificate(value, version: 1) }
        }
        signedBytes = DER.element(.set, Array(content))
    }

    /// Whether bytes are a set of attributes in DER, as a signer with attributes signs it.
    static func areLikely(_ bytes: [UInt8]) -> Bool {
        var outer = DERReader(bytes[...])
        guard var set = outer.readLast(.set).map(DERReader.init), !set.isAtEnd else { return false }
        while !set.isAtEnd {
            var fields = DERReader(set.read(.sequence) ?? [])
            guard fields.read(.objectIdentifier) != nil, fields.readLast(.set) != nil else {
                return false
            }
        }
        return true
    }

    /// Whether bytes of which only the beginning is at hand cannot be distinguished from such a set: a SET that
    /// fills them, and in it a SEQUENCE with an identifier in front.
    static func areLikely(beginning: [UInt8], count: Int) -> Bool {
        guard let outer = DERHeader(beginning[...]), outer.tag == DERTag.set.rawValue,
            outer.size + outer.length == count,
            let first = DERHeader(beginning.dropFirst(outer.size)),
            first.tag == DERTag.sequence.rawValue
        else { return false }
        return beginning.dropFirst(outer.size + first.size).first
            == DERTag.objectIdentifier.rawValue
    }

    static let contentTypeAttribute = "1.2.840.113549.1.9.3"
    static let messageDigestAttribute = "1.2.840.113549.1.9.4"
    private static let signingCertificateAttribute = "1.2.840.113549.1.9.16.2.12"
    static let signingCertificateV2Attribute = "1.2.840.113549.1.9.16.2.47"
}

/// The first certificate that ESSCertID or ESSCertIDv2 names: the signer's.
struct SigningCertificate: Sendable {
    private let digest: [UInt8]
    private let algorithm: String

    /// Takes a SET with one SigningCertificate or SigningCertificateV2 apart.
    init(_ set: ArraySlice<UInt8>, version: Int) throws(CMSError) {
        var value = DERReader(set)
        var outer = DERReader(value.readLast(.sequence) ?? [])
        var list = DERReader(outer.read(.sequence) ?? [])
        var fields = DERReader(list.read(.sequence) ?? [])
        if version == 1 {
            algorithm = Self.sha1
        } else if let named = fields.readOptional(.sequence) {
            guard let named = AlgorithmIdentifier(named), named.hasNoParameters else {
                throw .malformed("SigningCertificateV2")
            }
            algorithm = named.identifier
        } else {
            algorithm = DigestAlgorithm.sha256.objectIdentifier ?? ""
        }
        guard let digest = fields.read(.octetString) else { throw .malformed("SigningCertificate") }
        self.digest = Array(digest)
    }

    /// Whether this is the certificate.
    ///
    /// SHA-1 is good enough here, in the older of the two attributes: it picks one of the
    /// certificates that have the name that is signed too, and what it picks still has to verify.
    func isOf(_ certificate: Certificate) throws(OpenSSLError) -> Bool {
        if algorithm == Self.sha1 { return try Self.sha1(of: certificate.der) == digest }
        guard let algorithm = DigestAlgorithm(objectIdentifier: algorithm) else { return false }
        var context = try DigestContext(algorithm)
        try context.update(certificate.der)
        return try context.finish() == digest
    }

    private static let sha1 = "1.3.14.3.2.26"

    private static func sha1(of bytes: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        let library = try Library.shared()
        var (digest, size) = ([UInt8](repeating: 0, count: 20), 0)
        try unsafe require(
            EVP_Q_digest(library.context, "SHA1", nil, bytes, bytes.count, &digest, &size),
            "EVP_Q_digest")
        return digest
    }
}

extension DigestAlgorithm {
    /// The object identifier in dotted decimals; nil for one that signatures do not use.
    package var objectIdentifier: String? {
        switch self {
        case .sha256: "2.16.840.1.101.3.4.2.1"
        case .sha384: "2.16.840.1.101.3.4.2.2"
        case .sha512: "2.16.840.1.101.3.4.2.3"
        case .blake2b512: nil
        }
    }

    /// The digest that an object identifier in dotted decimals names.
    package init?(objectIdentifier: String) {
        guard let found = Self.allCases.first(where: { $0.objectIdentifier == objectIdentifier })
        else { return nil }
        self = found
    }
}
