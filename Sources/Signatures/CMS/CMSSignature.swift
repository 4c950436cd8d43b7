import OpenSSL

/// One signer of a detached CMS or PKCS#7 signature.
///
/// Implements "CMS" of docs/signatures.md.
struct CMSSignature: CertifiedSignature {
    let signer: SignerInfo
    let certificates: [Certificate]

    /// The subject of the certificate that the signer names, if it came along.
    var hint: [UInt8]? {
        let named = certificates.first { certificate in
            (try? signer.names(certificate)) ?? false
        }
        return named?.subject
    }

    /// A token is over the signature value, wherever the rest of the file may be written again.
    var timeStampedBytes: [UInt8]? { signer.signature }

    var timeStamps: [[UInt8]] { signer.timeStamps }

    func signers(among material: CertificateMaterial) throws(OpenSSLError) -> [Certificate] {
        try signer.certificates(among: certificates, and: material)
    }

    func verdict(
        by certificate: Certificate, over content: SignedContent
    ) throws(OpenSSLError) -> SignerVerdict {
        try signer.verdict(by: certificate, over: content.bytes)
    }
}
