import OpenSSL

/// A signature that names a certificate, whose chain decides whether it counts.
protocol CertifiedSignature: UnverifiedSignature {
    /// The certificates that came along: material, never an anchor.
    var certificates: [Certificate] { get }

    /// Whether this is the certificate that the signature names.
    func names(_ certificate: Certificate) throws(OpenSSLError) -> Bool

    /// Checks the signature with a certificate's key; its standing is not looked at.
    func verdict(
        by certificate: Certificate, over content: SignedContent
    ) throws(OpenSSLError) -> SignerVerdict
}

extension CertifiedSignature {
    /// The certificate that the signature names, among those that came along and others.
    func signer(among others: [Certificate]) throws(OpenSSLError) -> Certificate? {
        for certificate in certificates + others where try names(certificate) {
            return certificate
        }
        return nil
    }

    /// No plain key can have made it: `Judge` goes by the certificate.
    func relation(to key: any KeyMaterial) -> KeyRelation { .other }

    /// Never asked, for the same reason.
    func verify(
        with key: any KeyMaterial, over content: SignedContent
    ) throws(OpenSSLError) -> SignatureVerdict {
        .invalid("a certificate is needed")
    }
}
