import CloseoutEncodings
import CloseoutOpenSSL

extension SignatureFormat {
    /// A Sigstore bundle, whose signer has a managed public key or a certificate.
    package static let sigstore = SignatureFormat(
        name: "sigstore", fileExtension: "sigstore.json",
        mediaType: "\(SigstoreBundle.mediaTypePrefix)+json",
        recognition: .byContent { file in
            guard case .string(let type)? = (try? JSON(parsing: file))?["mediaType"] else {
                return false
            }
            return type.starts(with: SigstoreBundle.mediaTypePrefix.utf8)
        },
        read: { file throws(SignatureError) in
            if let json = try? JSON(parsing: file), KeylessSignature.isLikely(json) {
                return [.keyless(try KeylessSignature(json))]
            }
            return [.keyed(SigstoreSignature(bundle: try SigstoreBundle(parsing: file)))]
        },
        write: { content, key, algorithm throws(KeyError) in
            try SigstoreBundle.signing(content, as: .envelope, with: key, algorithm: algorithm)
                .encoded
        })
}
