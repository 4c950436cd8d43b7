/// What checking one signer found.
package enum SignerVerdict: Equatable, Sendable {
    /// The certificate's key signed exactly this content, with this algorithm.
    case verifies(SignatureAlgorithm)
    /// The key did not make this signature, for the reason given.
    case invalid(String)
    /// The key made this signature, over something else.
    case otherContent(String)
}

extension SignerInfo {
    /// Checks the signature with a certificate's key, over content of a type.
    ///
    /// The certificate's own standing is not looked at.
    ///
    /// - Throws: Only when it could not be computed.
    package func verdict(
        by certificate: Certificate, over content: [UInt8], type: String = SignedData.data
    ) throws(OpenSSLError) -> SignerVerdict {
        guard let key = certificate.publicKey else {
            return .invalid("the certificate has a key of a type that is not accepted")
        }
        let algorithm: SignatureAlgorithm
        do { algorithm = try signatureAlgorithm(of: key.type) } catch {
            return .invalid(error.description)
        }
        guard let attributes else {
            return try plainVerdict(by: key, algorithm, over: content)
        }
        guard attributes.contentType == type else {
            return .otherContent("it is over content of the type \(attributes.contentType)")
        }
        guard
            try key.accepts(signature, over: attributes.signedBytes, algorithm: algorithm),
            let hash = DigestAlgorithm(objectIdentifier: digest)
        else { return .invalid("the signature does not verify over its attributes") }
        if try hash.digest(of: content) == attributes.messageDigest { return .verifies(algorithm) }
        for text in TextMode.forms(of: content)
        where try hash.digest(of: text) == attributes.messageDigest {
            return .otherContent(TextMode.explanation)
        }
        return .otherContent("it is over other content: the digests differ")
    }

    /// Checks a signature without attributes.
    ///
    /// What is signed where there are attributes is a set of them. Given out for the content, with the
    /// attributes taken away, it would seem to be signed.
    private func plainVerdict(
        by key: PublicKey, _ algorithm: SignatureAlgorithm, over content: [UInt8]
    ) throws(OpenSSLError) -> SignerVerdict {
        guard !SignedAttributes.areLikely(content) else {
            return .invalid("its content is a set of attributes, which only signers with them sign")
        }
        if try key.accepts(signature, over: content, algorithm: algorithm) {
            return .verifies(algorithm)
        }
        for text in TextMode.forms(of: content)
        where try key.accepts(signature, over: text, algorithm: algorithm) {
            return .otherContent(TextMode.explanation)
        }
        return .invalid("the signature does not verify over the content")
    }
}

/// What a signer of mail makes of content: another line end, and perhaps a header before it.
enum TextMode {
    /// What to tell whoever made such a signature.
    static let explanation =
        "it was made in text mode, over changed line ends: sign the bytes as they are (-binary)"

    /// The forms that differ from the content.
    static func forms(of content: [UInt8]) -> [[UInt8]] {
        let header = Array("Content-Type: text/plain\r\n\r\n".utf8)
        let canonical = withCarriageReturns(content)
        return (canonical == content ? [] : [canonical]) + [header + canonical]
    }

    private static func withCarriageReturns(_ content: [UInt8]) -> [UInt8] {
        let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        for byte in content {
            if byte == lineFeed {
                while text.last == carriageReturn { text.removeLast() }
                text.append(carriageReturn)
            }
            text.append(byte)
        }
        return text
    }
}
