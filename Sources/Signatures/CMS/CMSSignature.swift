import CloseoutEncodings
package import CloseoutOpenSSL

/// One signer of a CMS or PKCS#7 signature, whose certificate's chain decides whether it counts.
///
/// Implements "CMS" of docs/signatures.md.
package struct CMSSignature: SignatureStatement {
    let signer: SignerInfo
    /// The certificates that came along, which are trusted for nothing.
    let certificates: [Certificate]
    /// Whether one came along that cannot be read.
    let hasCorruptCertificate: Bool
    /// The content that came along, which is what the signature covers; nil for a detached one.
    let carriedContent: [UInt8]?

    /// The subject of the certificate that the signer names, if it came along.
    package var hint: [UInt8]? { named?.subject }

    /// The algorithm for the type of key in the certificate that came along.
    package var statedAlgorithm: SignatureAlgorithm? { named.flatMap(signer.algorithm) }

    private var named: Certificate? {
        certificates.first { certificate in (try? signer.names(certificate)) ?? false }
    }

    /// A token covers the signature value, wherever the rest of the file may be written again.
    package var timeStampedBytes: [UInt8]? { signer.signature }

    /// The time-stamps that came along with it.
    package var timeStamps: [[UInt8]] { signer.timeStamps }

    /// What checking it asks of the content.
    var needs: MessageNeeds {
        guard carriedContent == nil else { return MessageNeeds() }
        return MessageNeeds(
            digests: signer.contentDigests, reasons: signer.reasonDigests,
            bytes: signer.signsContentItself)
    }

    /// The certificates that the signature names, among those that came along and others.
    func signers(
        among material: UntrustedCertificates, _ anchors: [Certificate]
    ) throws(OpenSSLError) -> [Certificate] {
        try signer.certificates(among: certificates + anchors, and: material)
    }

    /// What to say where there is none.
    var missing: NotAcceptable {
        guard !hasCorruptCertificate else {
            return NotAcceptable(
                .corruptCertificate,
                "a certificate in it cannot be read, and its signer's, \(certificateName), is not at "
                    + "hand")
        }
        return NotAcceptable(
            .missingCertificate,
            "its signer's certificate, \(certificateName), is neither in it nor at hand",
            remedy: "give the certificate with --crl FILE, or have it put into the signature")
    }

    /// How the signer names its certificate, for people.
    private var certificateName: String {
        switch signer.certificateName {
        case .issuer(let name, let serial):
            "issued by \(printable(name)) with the serial number \(Hex.string(serial))"
        case .keyIdentifier(let identifier):
            "with the key identifier \(Hex.string(identifier))"
        }
    }

    /// Checks the signature with a certificate's key; the certificate's own chain is not looked at.
    ///
    /// Content that came along must be the very content in question: what is genuine over other bytes is
    /// distinguished from what is wrong.
    func verdict(
        by certificate: Certificate, over content: CheckedContent
    ) throws(OpenSSLError) -> SignerVerdict {
        guard let carriedContent else {
            return try signer.verdict(by: certificate, over: content.message)
        }
        let verdict = try signer.verdict(by: certificate, over: .bytes(carriedContent))
        guard case .verifies = verdict, try !content.message.equals(carriedContent) else {
            return verdict
        }
        return .otherContent("it carries its content along, which is not the content in question")
    }
}
