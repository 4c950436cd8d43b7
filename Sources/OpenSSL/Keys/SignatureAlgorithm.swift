/// The signature algorithms in use, a closed list under their names in policies (docs/signatures.md).
///
/// PSS has MGF1 over the same hash and a salt as long as the hash, where a format does not state
/// another.
package enum SignatureAlgorithm: String, CaseIterable, Sendable {
    case ed25519
    case ecdsaP256SHA256 = "ecdsa-p256-sha256"
    case ecdsaP256SHA384 = "ecdsa-p256-sha384"
    case ecdsaP256SHA512 = "ecdsa-p256-sha512"
    case ecdsaP384SHA256 = "ecdsa-p384-sha256"
    case ecdsaP384SHA384 = "ecdsa-p384-sha384"
    case ecdsaP384SHA512 = "ecdsa-p384-sha512"
    case ecdsaP521SHA256 = "ecdsa-p521-sha256"
    case ecdsaP521SHA384 = "ecdsa-p521-sha384"
    case ecdsaP521SHA512 = "ecdsa-p521-sha512"
    case rsaPSSSHA256 = "rsa-pss-sha256"
    case rsaPSSSHA384 = "rsa-pss-sha384"
    case rsaPSSSHA512 = "rsa-pss-sha512"
    case rsaPKCS1SHA256 = "rsa-pkcs1-sha256"
    case rsaPKCS1SHA384 = "rsa-pkcs1-sha384"
    case rsaPKCS1SHA512 = "rsa-pkcs1-sha512"
    case mldsa44 = "ml-dsa-44"
    case mldsa65 = "ml-dsa-65"
    case mldsa87 = "ml-dsa-87"

    /// The only type of key that the algorithm works with.
    package var keyType: KeyType {
        switch self {
        case .ed25519: .ed25519
        case .ecdsaP256SHA256, .ecdsaP256SHA384, .ecdsaP256SHA512: .p256
        case .ecdsaP384SHA256, .ecdsaP384SHA384, .ecdsaP384SHA512: .p384
        case .ecdsaP521SHA256, .ecdsaP521SHA384, .ecdsaP521SHA512: .p521
        case .rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512: .rsa
        case .rsaPKCS1SHA256, .rsaPKCS1SHA384, .rsaPKCS1SHA512: .rsa
        case .mldsa44: .mldsa44
        case .mldsa65: .mldsa65
        case .mldsa87: .mldsa87
        }
    }

    /// The algorithm that keys of a type use where nothing names another; nil for RSA, whose scheme
    /// must be named.
    package static func implied(by type: KeyType) -> SignatureAlgorithm? {
        switch type {
        case .ed25519: .ed25519
        case .p256: .ecdsaP256SHA256
        case .p384: .ecdsaP384SHA384
        case .p521: .ecdsaP521SHA512
        case .rsa: nil
        case .mldsa44: .mldsa44
        case .mldsa65: .mldsa65
        case .mldsa87: .mldsa87
        }
    }

    /// ECDSA over a curve and a digest (RFC 5754); nil for another type of key or digest.
    package static func ecdsa(_ type: KeyType, _ digest: DigestAlgorithm) -> SignatureAlgorithm? {
        allCases.first {
            $0.keyType == type && $0.digest == digest && type.coordinateSize != nil
        }
    }

    /// The digest of the message that is signed; nil where the message itself is.
    package var digest: DigestAlgorithm? {
        switch self {
        case .ecdsaP256SHA256, .ecdsaP384SHA256, .ecdsaP521SHA256, .rsaPSSSHA256,
            .rsaPKCS1SHA256:
            .sha256
        case .ecdsaP256SHA384, .ecdsaP384SHA384, .ecdsaP521SHA384, .rsaPSSSHA384,
            .rsaPKCS1SHA384:
            .sha384
        case .ecdsaP256SHA512, .ecdsaP384SHA512, .ecdsaP521SHA512, .rsaPSSSHA512,
            .rsaPKCS1SHA512:
            .sha512
        case .ed25519, .mldsa44, .mldsa65, .mldsa87: nil
        }
    }

    /// How a signature of RSA is padded; nil for the other key types.
    package var padding: RSAPadding? {
        switch self {
        case .rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512: .pss
        case .rsaPKCS1SHA256, .rsaPKCS1SHA384, .rsaPKCS1SHA512: .pkcs1
        default: nil
        }
    }
}

/// The two paddings of an RSA signature.
package enum RSAPadding: Sendable {
    case pkcs1
    case pss
}

/// The length of the random salt in an RSA-PSS signature (RFC 8017, 9.1).
package enum PSSSalt: Equatable, Sendable {
    /// As long as the hash.
    case hashLength
    /// Exactly so many bytes, as the signature states.
    case exactly(Int)
    /// Whatever length the signature turns out to have.
    case any
}
