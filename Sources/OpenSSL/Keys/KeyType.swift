/// The kinds of key in use, a closed list (docs/signatures.md).
package enum KeyType: String, CaseIterable, Sendable {
    case ed25519
    case p256
    case p384
    case rsa
    case mldsa44 = "ml-dsa-44"
    case mldsa65 = "ml-dsa-65"
    case mldsa87 = "ml-dsa-87"

    /// The name that libcrypto has for the algorithm.
    var libraryName: String {
        switch self {
        case .ed25519: "ED25519"
        case .p256, .p384: "EC"
        case .rsa: "RSA"
        case .mldsa44: "ML-DSA-44"
        case .mldsa65: "ML-DSA-65"
        case .mldsa87: "ML-DSA-87"
        }
    }

    /// The name that libcrypto has for the curve.
    var groupName: String? {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .ed25519, .rsa, .mldsa44, .mldsa65, .mldsa87: nil
        }
    }

    /// The length in bytes of the key inside a SubjectPublicKeyInfo; nil where it varies.
    var publicKeySize: Int? {
        switch self {
        case .ed25519: 32
        case .p256: 65
        case .p384: 97
        case .rsa: nil
        case .mldsa44: 1312
        case .mldsa65: 1952
        case .mldsa87: 2592
        }
    }

    /// The length in bytes of one coordinate of an elliptic curve, which is that of `r` and `s`.
    var coordinateSize: Int? {
        switch self {
        case .p256: 32
        case .p384: 48
        case .ed25519, .rsa, .mldsa44, .mldsa65, .mldsa87: nil
        }
    }

    /// The content of the AlgorithmIdentifier that stands for the type, in its only spelling.
    var algorithmIdentifier: [UInt8] {
        switch self {
        case .ed25519: [0x06, 3, 0x2B, 0x65, 0x70]
        case .p256: Self.ecPublicKey + [0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]
        case .p384: Self.ecPublicKey + [0x06, 5, 0x2B, 0x81, 0x04, 0x00, 0x22]
        case .rsa: [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 0x05, 0]
        case .mldsa44: Self.nistSignature + [0x11]
        case .mldsa65: Self.nistSignature + [0x12]
        case .mldsa87: Self.nistSignature + [0x13]
        }
    }

    private static let ecPublicKey: [UInt8] = [0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]
    private static let nistSignature: [UInt8] = [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3]
}
