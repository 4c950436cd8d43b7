import CloseoutEncodings
import CloseoutOpenSSL

extension SignatureFormat {
    /// A DSSE envelope, whose payload is the signed content itself.
    package static let dsse = SignatureFormat(
        name: "dsse", fileExtension: "dsse.json",
        mediaType: "application/vnd.dsse.envelope.v1+json",
        recognition: .byContent { file in
            guard let json = try? JSON(parsing: file) else { return false }
            return json["payloadType"] != nil && json["signatures"] != nil
        },
        read: { file throws(SignatureError) in
            try DSSEEnvelope(parsing: file).unverifiedSignatures
        },
        write: { content, key, algorithm throws(KeyError) in
            try DSSEEnvelope.signing(content, with: key, algorithm: algorithm).encoded
        })
}
