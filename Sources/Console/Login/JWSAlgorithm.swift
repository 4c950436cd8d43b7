import CloseoutOpenSSL

/// The algorithms by which a token can be signed, a closed list under their names in RFC 7518, RFC 8037 and RFC 9864.
///
/// None of them is `none`, and none has a key that verifier and signer share.
package enum JWSAlgorithm: String, CaseIterable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"
    case ed25519 = "Ed25519"

    /// The same by the name that signatures have here.
    var signature: SignatureAlgorithm {
        switch self {
        case .rs256: .rsaPKCS1SHA256
        case .rs384: .rsaPKCS1SHA384
        case .rs512: .rsaPKCS1SHA512
        case .ps256: .rsaPSSSHA256
        case .ps384: .rsaPSSSHA384
        case .ps512: .rsaPSSSHA512
        case .es256: .ecdsaP256SHA256
        case .es384: .ecdsaP384SHA384
        case .es512: .ecdsaP521SHA512
        case .edDSA, .ed25519: .ed25519
        }
    }
}
