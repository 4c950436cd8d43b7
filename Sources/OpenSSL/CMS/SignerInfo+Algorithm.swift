extension SignerInfo {
    /// The algorithm of the closed list that the signer states, for a key of this type.
    ///
    /// - Throws: ``AlgorithmRefusal``, which says what is stated in its place.
    func signatureAlgorithm(of type: KeyType) throws(AlgorithmRefusal) -> SignatureAlgorithm {
        guard let hash = DigestAlgorithm(objectIdentifier: digest) else {
            let name = Self.weakDigests[digest] ?? "digest \(digest)"
            throw AlgorithmRefusal(description: "\(name) is not accepted")
        }
        guard let stated = stated(hash), stated.keyType == type else {
            throw AlgorithmRefusal(
                description: "algorithm \(algorithm.identifier) is not accepted "
                    + "for a key of \(type.rawValue)")
        }
        return stated
    }

    private func stated(_ hash: DigestAlgorithm) -> SignatureAlgorithm? {
        switch (algorithm.identifier, hash) {
        case ("1.2.840.113549.1.1.1", _): algorithm.hasNoParameters ? Self.pkcs1(hash) : nil
        case ("1.2.840.113549.1.1.11", .sha256), ("1.2.840.113549.1.1.12", .sha384),
            ("1.2.840.113549.1.1.13", .sha512):
            algorithm.hasNoParameters ? Self.pkcs1(hash) : nil
        case ("1.2.840.113549.1.1.10", _): pss(hash)
        case ("1.2.840.10045.4.3.2", .sha256): algorithm.hasNoParameters ? .ecdsaP256SHA256 : nil
        case ("1.2.840.10045.4.3.3", .sha384): algorithm.hasNoParameters ? .ecdsaP384SHA384 : nil
        // Without attributes it would sign the content itself, which RFC 8419 allows under any digest.
        case ("1.3.101.112", .sha512): algorithm.hasNoParameters ? .ed25519 : nil
        default: nil
        }
    }

    private static func pkcs1(_ hash: DigestAlgorithm) -> SignatureAlgorithm? {
        switch hash {
        case .sha256: .rsaPKCS1SHA256
        case .sha384: .rsaPKCS1SHA384
        case .sha512: .rsaPKCS1SHA512
        case .blake2b512: nil
        }
    }

    /// PSS whose parameters are those of the closed list, in either spelling of the hash.
    private func pss(_ hash: DigestAlgorithm) -> SignatureAlgorithm? {
        let spellings = [true, false].map { Self.pssParameters(hash, writesNull: $0) }
        guard spellings.contains(algorithm.parameters) else { return nil }
        return switch hash {
        case .sha256: .rsaPSSSHA256
        case .sha384: .rsaPSSSHA384
        case .sha512: .rsaPSSSHA512
        case .blake2b512: nil
        }
    }

    /// RSASSA-PSS-params (RFC 4055, 3.1) with MGF1 over the same hash and a salt as long as it.
    static func pssParameters(_ hash: DigestAlgorithm, writesNull: Bool) -> [UInt8] {
        let null = writesNull ? DER.element(.null, []) : []
        let hashAlgorithm = DER.element(.sequence, hash.encodedIdentifier + null)
        let maskFunction = DER.element(.sequence, mgf1 + hashAlgorithm)
        let salt = DER.integer([UInt8(hash.size)])
        return DER.element(
            .sequence,
            DER.element(.constructed0, hashAlgorithm) + DER.element(.constructed1, maskFunction)
                + DER.element(.constructed2, salt))
    }

    private static let mgf1 = DER.element(
        .objectIdentifier, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8])
    private static let weakDigests = ["1.3.14.3.2.26": "SHA-1", "1.2.840.113549.2.5": "MD5"]
}

/// Why a signature's algorithm is not accepted, as a sentence.
struct AlgorithmRefusal: Error, Equatable, CustomStringConvertible {
    let description: String
}

extension DigestAlgorithm {
    /// The OBJECT IDENTIFIER in DER; empty for a digest that signatures do not use.
    var encodedIdentifier: [UInt8] {
        let nistHash: [UInt8] = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2]
        return switch self {
        case .sha256: DER.element(.objectIdentifier, nistHash + [1])
        case .sha384: DER.element(.objectIdentifier, nistHash + [2])
        case .sha512: DER.element(.objectIdentifier, nistHash + [3])
        case .blake2b512: []
        }
    }

    /// The digest of bytes.
    package func digest(of bytes: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        var context = try DigestContext(self)
        try context.update(bytes)
        return try context.finish()
    }
}
