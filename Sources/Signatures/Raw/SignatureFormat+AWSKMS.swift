import CloseoutEncodings
import CloseoutOpenSSL

extension SignatureFormat {
    /// The reply of `aws kms sign` in JSON.
    package static let awsKMS = SignatureFormat(
        name: "aws-kms", fileExtension: "aws-kms.json",
        mediaType: "application/vnd.closeout.signature.aws-kms+json",
        recognition: .byContent { file in
            guard let json = try? JSON(parsing: file) else { return false }
            return json["Signature"] != nil && json["SigningAlgorithm"] != nil
        },
        read: { file throws(SignatureError) in
            let reply = try AWSKMSReply(parsing: file)
            let algorithms = SignatureAlgorithm.allCases.filter { algorithm in
                reply.algorithm == Array(algorithm.awsKMSName.utf8)
            }
            guard !algorithms.isEmpty else {
                throw .unsupported("the algorithm \(printable(reply.algorithm)) is not accepted")
            }
            return [
                .keyed(
                    try RawSignature(
                        reply.signature, statedAlgorithms: algorithms, hint: reply.keyID))
            ]
        })
}

/// What the service answers; members beyond these are its own matter.
private struct AWSKMSReply {
    let keyID: [UInt8]
    let signature: [UInt8]
    let algorithm: [UInt8]

    init(parsing bytes: [UInt8]) throws(SignatureError) {
        let json: JSON
        do { json = try JSON(parsing: bytes) } catch { throw .json(error) }
        do {
            var reader = try JSONObjectReader(json)
            keyID = try reader.bytes("KeyId")
            signature = try reader.base64("Signature")
            algorithm = try reader.bytes("SigningAlgorithm")
        } catch { throw .shape(error) }
    }
}

extension SignatureAlgorithm {
    /// The service's name for this algorithm.
    var awsKMSName: String {
        switch self {
        case .ed25519: "ED25519_SHA_512"
        case .ecdsaP256SHA256, .ecdsaP384SHA256, .ecdsaP521SHA256: "ECDSA_SHA_256"
        case .ecdsaP256SHA384, .ecdsaP384SHA384, .ecdsaP521SHA384: "ECDSA_SHA_384"
        case .ecdsaP256SHA512, .ecdsaP384SHA512, .ecdsaP521SHA512: "ECDSA_SHA_512"
        case .rsaPSSSHA256: "RSASSA_PSS_SHA_256"
        case .rsaPSSSHA384: "RSASSA_PSS_SHA_384"
        case .rsaPSSSHA512: "RSASSA_PSS_SHA_512"
        case .rsaPKCS1SHA256: "RSASSA_PKCS1_V1_5_SHA_256"
        case .rsaPKCS1SHA384: "RSASSA_PKCS1_V1_5_SHA_384"
        case .rsaPKCS1SHA512: "RSASSA_PKCS1_V1_5_SHA_512"
        case .mldsa44, .mldsa65, .mldsa87: "ML_DSA_SHAKE_256"
        }
    }
}
