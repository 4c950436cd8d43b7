import OpenSSL

/// A signature that names a certificate, whose chain decides whether it counts.
protocol CertifiedSignature: UnverifiedSignature {
    /// The certificates that came along: material, never an anchor.
    var certificates: [Certificate] { get }

    /// The certificates that the signature names, among those that came along and others.
    func signers(among material: CertificateMaterial) throws(OpenSSLError) -> [Certificate]

    /// Checks the signature with a certificate's key; its standing is not looked at.
    func verdict(
        by certificate: Certificate, over content: SignedContent
    ) throws(OpenSSLError) -> SignerVerdict
}

extension CertifiedSignature {
    /// No plain key can have made it: `Judge` goes by the certificate.
    func relation(to key: any KeyMaterial) -> KeyRelation { .other }

    /// Never asked, for the same reason.
    func verify(
        with key: any KeyMaterial, over content: SignedContent
    ) throws(OpenSSLError) -> SignatureVerdict {
        .invalid("a certificate is needed")
    }
}
