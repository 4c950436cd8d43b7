package import CloseoutOpenSSL

extension SignatureFormat {
    /// A CMS or PKCS#7 signature in DER, BER or PEM, detached or with the content along.
    package static let cms = SignatureFormat(
        name: "cms", fileExtension: "p7s", mediaType: "application/pkcs7-signature",
        recognition: .byContent { file in
            guard SignedData.isLikely(file) else { return false }
            return !TimeStampToken.isLikely(file)
        },
        read: { file throws(SignatureError) in
            let signedData: SignedData
            do throws(CMSError) { signedData = try SignedData(parsing: file) } catch {
                throw .cms(error)
            }
            guard signedData.contentType == SignedData.data else {
                throw .cms(.contentType(signedData.contentType))
            }
            return signedData.signers.map {
                .certified(
                    CMSSignature(
                        signer: $0, certificates: signedData.certificates,
                        hasCorruptCertificate: signedData.hasCorruptCertificate,
                        carriedContent: signedData.content))
            }
        })

    /// Makes a detached CMS signature: the one format that needs a certificate besides the key.
    ///
    /// - Parameters:
    ///   - content: What to sign.
    ///   - key: The private key.
    ///   - certificates: The key's certificate, then those that lead to an anchor.
    ///   - algorithm: One of the key's algorithms.
    /// - Returns: The file, in DER.
    /// - Throws: `KeyError` where the certificate is of another key, or the key cannot sign.
    package static func signCMS(
        _ content: SignedContent, with key: borrowing PrivateKey, certificates: [Certificate],
        algorithm: SignatureAlgorithm
    ) throws(KeyError) -> [UInt8] {
        try SignedData.signing(
            content.bytes, with: key, certificates: certificates, algorithm: algorithm)
    }
}
