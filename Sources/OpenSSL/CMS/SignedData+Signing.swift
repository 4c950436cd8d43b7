extension SignedData {
    /// Makes a detached CMS signature with signed attributes, in DER.
    ///
    /// It names the signer's certificate by issuer and serial number and by its digest, carries the
    /// certificates along, and states no time.
    ///
    /// - Parameters:
    ///   - content: What to sign, byte for byte.
    ///   - key: The private key.
    ///   - certificates: The signer's certificate, then others that lead to an anchor.
    ///   - algorithm: One of the key's algorithms.
    /// - Returns: The signature file.
    /// - Throws: ``KeyError/notAKey(_:)`` where the first certificate is not of the key;
    ///   ``KeyError/unsupported(_:)`` for an algorithm that CMS has no name for here; what
    ///   `PrivateKey.sign` throws.
    package static func signing(
        _ content: [UInt8], with key: borrowing PrivateKey, certificates: [Certificate],
        algorithm: SignatureAlgorithm
    ) throws(KeyError) -> [UInt8] {
        guard let certificate = certificates.first, certificate.spki == key.publicKey.spki else {
            throw .notAKey("the certificate is of another key")
        }
        guard let identifier = algorithm.identifierInCMS else {
            throw .unsupported("\(algorithm.rawValue) in CMS")
        }
        let hash = algorithm.digest ?? .sha512
        let digest = DER.element(.sequence, hash.encodedIdentifier)
        let attributes = try keyed(attributes(content, hash, certificate))
        let signature = try key.sign(DER.element(.set, attributes), algorithm: algorithm)
        let name = DER.element(
            .sequence, certificate.issuer + DER.element(.integer, certificate.serialNumber))
        let signer = DER.element(
            .sequence,
            DER.integer([1]) + name + digest + DER.element(.constructed0, attributes)
                + DER.element(.sequence, identifier) + DER.element(.octetString, signature))
        let all = certificates.map(\.der).sorted { $0.lexicographicallyPrecedes($1) }
        let body = DER.element(
            .sequence,
            DER.integer([1]) + DER.element(.set, digest) + DER.element(.sequence, dataIdentifier)
                + DER.element(.constructed0, Array(all.joined())) + DER.element(.set, signer))
        return DER.element(.sequence, signedDataIdentifier + DER.element(.constructed0, body))
    }

    /// The attributes in the order of their DER, as a SET has it.
    private static func attributes(
        _ content: [UInt8], _ hash: DigestAlgorithm, _ certificate: Certificate
    ) throws(OpenSSLError) -> [UInt8] {
        let digest = DER.element(.octetString, try hash.digest(of: content))
        let ownDigest = DER.element(.octetString, certificate.fingerprint.bytes)
        // A list of one certificate, whose digest is the default, SHA-256.
        let signing = DER.element(
            .sequence, DER.element(.sequence, DER.element(.sequence, ownDigest)))
        let attributes = [
            attribute([9, 3], dataIdentifier), attribute([9, 4], digest),
            attribute([9, 16, 2, 47], signing),
        ]
        return Array(attributes.sorted { $0.lexicographicallyPrecedes($1) }.joined())
    }

    private static func attribute(_ arcs: [UInt8], _ value: [UInt8]) -> [UInt8] {
        let type = DER.element(.objectIdentifier, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1] + arcs)
        return DER.element(.sequence, type + DER.element(.set, value))
    }

    private static let dataIdentifier = DER.element(
        .objectIdentifier, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1])
    private static let signedDataIdentifier = DER.element(
        .objectIdentifier, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2])
}

extension SignatureAlgorithm {
    /// The content of the AlgorithmIdentifier in CMS (RFC 4055, 5754, 8419); nil where there is none.
    fileprivate var identifierInCMS: [UInt8]? {
        let rsa: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1]
        let null = DER.element(.null, [])
        func object(_ content: [UInt8]) -> [UInt8] { DER.element(.objectIdentifier, content) }
        func ecdsa(_ arc: UInt8) -> [UInt8] { object([0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, arc]) }
        func pss(_ hash: DigestAlgorithm) -> [UInt8] {
            object(rsa + [10]) + SignerInfo.pssParameters(hash)
        }
        return switch self {
        case .ed25519: object([0x2B, 0x65, 0x70])
        case .ecdsaP256SHA256, .ecdsaP384SHA256, .ecdsaP521SHA256: ecdsa(2)
        case .ecdsaP256SHA384, .ecdsaP384SHA384, .ecdsaP521SHA384: ecdsa(3)
        case .ecdsaP256SHA512, .ecdsaP384SHA512, .ecdsaP521SHA512: ecdsa(4)
        case .rsaPKCS1SHA256, .rsaPKCS1SHA384, .rsaPKCS1SHA512: object(rsa + [1]) + null
        case .rsaPSSSHA256: pss(.sha256)
        case .rsaPSSSHA384: pss(.sha384)
        case .rsaPSSSHA512: pss(.sha512)
        case .mldsa44, .mldsa65, .mldsa87: nil
        }
    }
}
