/// The kinds of key in use, a closed list (docs/signatures.md).
package enum KeyType: String, CaseIterable, Sendable {
    case ed25519
    case p256
    case p384
    case p521
    case rsa
    case mldsa44 = "ml-dsa-44"
    case mldsa65 = "ml-dsa-65"
    case mldsa87 = "ml-dsa-87"

    /// The name that libcrypto has for the algorithm.
    var libraryName: String {
        switch self {
        case .ed25519: "ED25519"
        case .p256, .p384, .p521: "EC"
        case .rsa: "RSA"
        case .mldsa44: "ML-DSA-44"
        case .mldsa65: "ML-DSA-65"
        case .mldsa87: "ML-DSA-87"
        }
    }

    /// The first version of libcrypto that has it.
    var firstVersion: String {
        switch self {
        case .ed25519, .p256, .p384, .p521, .rsa: "3.0"
        case .mldsa44, .mldsa65, .mldsa87: "3.5"
        }
    }

    /// The name that libcrypto has for the curve.
    var groupName: String? {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        case .ed25519, .rsa, .mldsa44, .mldsa65, .mldsa87: nil
        }
    }

    /// The length in bytes of the key inside a SubjectPublicKeyInfo; nil where it varies.
    var publicKeySize: Int? {
        switch self {
        case .ed25519: 32
        case .p256: 65
        case .p384: 97
        case .p521: 133
        case .rsa: nil
        case .mldsa44: 1312
        case .mldsa65: 1952
        case .mldsa87: 2592
        }
    }

    /// The length in bytes of one coordinate of an elliptic curve, which is that of `r` and `s`.
    package var coordinateSize: Int? {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        case .ed25519, .rsa, .mldsa44, .mldsa65, .mldsa87: nil
        }
    }

    /// The length in bytes of a signature; nil where it varies.
    var signatureSize: Int? {
        switch self {
        case .ed25519: 64
        case .p256, .p384, .p521, .rsa: nil
        case .mldsa44: 2420
        case .mldsa65: 3309
        case .mldsa87: 4627
        }
    }
}
