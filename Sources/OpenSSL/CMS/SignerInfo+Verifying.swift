/// The result of checking one signer with one certificate's key.
package enum SignerVerdict: Equatable, Sendable {
    /// The certificate's key signed exactly this content, with this algorithm.
    case verifies(SignatureAlgorithm)
    /// The key did not make this signature, for the reason given.
    case wrong(String)
    /// The key made this signature, over something else.
    case otherContent(String)
    /// The signature has a form or algorithm that is not accepted, whoever made it.
    case notAcceptable(String)
}

extension SignerInfo {
    /// Checks the signature with a certificate's key, over content of a type.
    ///
    /// The certificate's own validity is not looked at.
    ///
    /// - Throws: Only when it could not be computed.
    package func verdict(
        by certificate: Certificate, over content: Message, type: String = SignedData.data
    ) throws(OpenSSLError) -> SignerVerdict {
        guard let key = certificate.publicKey else {
            return .notAcceptable("its certificate has a key of a type that is not accepted")
        }
        let stated: StatedAlgorithm
        do { stated = try statedAlgorithm(of: key.type) } catch {
            return .notAcceptable(error.description)
        }
        let verdict = try verdict(by: key, stated, over: content, type)
        guard case .verifies = verdict, let refusal = stated.refusal else { return verdict }
        return .notAcceptable(refusal.description)
    }

    /// Checks the signature with a key by the algorithm that is stated, however that is written.
    private func verdict(
        by key: PublicKey, _ stated: StatedAlgorithm, over content: Message, _ type: String
    ) throws(OpenSSLError) -> SignerVerdict {
        guard let attributes else {
            return try plainVerdict(by: key, stated, over: content)
        }
        guard attributes.contentType == type else {
            return .otherContent("it signs content of the type \(attributes.contentType)")
        }
        let signed = Message.bytes(attributes.signedBytes)
        guard try accepts(by: key, stated, over: signed) else {
            return try refusal(
                by: key, stated, over: signed,
                "the signature does not verify over its attributes")
        }
        let hash = DigestAlgorithm(objectIdentifier: digest) ?? .sha256
        if try content.digest(MessageDigest(hash)) == attributes.messageDigest {
            return .verifies(stated.algorithm)
        }
        for form in MessageForm.textForms
        where try content.digest(MessageDigest(hash, of: form)) == attributes.messageDigest {
            return .otherContent(Self.textMode)
        }
        return .otherContent("it signs other content: the digests differ")
    }

    /// The algorithm that the signer states, for a certificate's key; nil where it is not accepted.
    package func algorithm(by certificate: Certificate) -> SignatureAlgorithm? {
        certificate.publicKey.flatMap { try? statedAlgorithm(of: $0.type).algorithm }
    }

    private func accepts(
        by key: PublicKey, _ stated: StatedAlgorithm, over message: Message,
        in form: MessageForm = .itself
    ) throws(OpenSSLError) -> Bool {
        try key.accepts(
            signature, over: message, in: form, algorithm: stated.algorithm, salt: stated.salt)
    }

    /// Why a signature is not the one that it states to be: for its salt, or because it is wrong.
    private func refusal(
        by key: PublicKey, _ stated: StatedAlgorithm, over message: Message, _ reason: String
    ) throws(OpenSSLError) -> SignerVerdict {
        guard case .exactly(let salt) = stated.salt,
            try key.accepts(signature, over: message, algorithm: stated.algorithm, salt: .any)
        else { return .wrong(reason) }
        return .notAcceptable(
            "it states an RSA-PSS salt of \(salt) bytes and was made with another")
    }

    /// Checks a signature without attributes.
    ///
    /// What is signed where there are attributes is a set of them. Given out for the content, with the
    /// attributes taken away, it would seem to be signed.
    private func plainVerdict(
        by key: PublicKey, _ stated: StatedAlgorithm, over content: Message
    ) throws(OpenSSLError) -> SignerVerdict {
        guard !content.isLikelyAttributes else {
            return .wrong("its content is a set of attributes, which only signers with them sign")
        }
        if try accepts(by: key, stated, over: content) { return .verifies(stated.algorithm) }
        for form in MessageForm.textForms
        where try accepts(by: key, stated, over: content, in: form) {
            return .otherContent(Self.textMode)
        }
        return try refusal(
            by: key, stated, over: content, "the signature does not verify over the content")
    }

    /// The advice to who made a signature in text mode.
    private static let textMode =
        "it was made in text mode, over changed line ends: sign the bytes as they are (-binary)"
}

extension SignerInfo {
    /// The digests of the content that a check asks for first.
    package var contentDigests: Set<MessageDigest> {
        guard !signsContentItself, let hash = DigestAlgorithm(objectIdentifier: digest) else {
            return []
        }
        return [MessageDigest(hash)]
    }

    /// Those that it may ask for besides, to find how the content was signed.
    package var reasonDigests: Set<MessageDigest> {
        Set(
            contentDigests.flatMap { digest in
                MessageForm.textForms.map { MessageDigest(digest.algorithm, of: $0) }
            })
    }

    /// Whether all bytes of the content are signed, and no digest of them.
    package var signsContentItself: Bool {
        attributes == nil && algorithm.identifier == Self.ed25519
    }
}
