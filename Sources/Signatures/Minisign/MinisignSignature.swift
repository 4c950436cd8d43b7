import CloseoutEncodings
import CloseoutOpenSSL

/// A signature of minisign with its trusted comment, which a second signature binds to it.
struct MinisignSignature: KeyedSignature {
    let signature: NumberedSignature
    let trustedComment: [UInt8]
    /// Over the first signature's bytes and the trusted comment.
    let globalSignature: [UInt8]

    static let trustedPrefix = Array("trusted comment: ".utf8)
    private static let longestTrustedComment = 8192

    var hint: [UInt8]? { NumberedKey.name(of: signature.keyNumber) }

    var remark: SignatureRemark? { SignatureRemark(text: trustedComment, isSigned: true) }

    private var isLegacy: Bool { signature.algorithm == NumberedSignature.whole }

    func relation(to key: PolicyKeyValue) -> KeyRelation {
        guard case .minisign(let key) = key else { return .other }
        return key.key.number == signature.keyNumber ? .named : .other
    }

    func check(
        with key: PolicyKeyValue, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck {
        guard case .minisign(let key) = key else { return .invalid("no key of minisign") }
        let check = try check(with: key.key.publicKey, over: content)
        guard check.isVerified, isLegacy, !key.acceptsLegacy else { return check }
        return .notAcceptable(
            NotAcceptable(
                .form,
                "it is of the legacy kind, which the policy takes only of keys with `legacy`",
                remedy:
                    "sign without -l of minisign, or add the key to the policy with --legacy",
                isByKey: true))
    }

    func needs(of keys: [PolicyKey]) -> MessageNeeds {
        isLegacy ? MessageNeeds(bytes: true) : MessageNeeds(digests: [MessageDigest(.blake2b512)])
    }

    func diagnosis(
        by key: PublicKey, of entry: PolicyKey, over content: CheckedContent
    ) throws(OpenSSLError) -> NotAcceptable? {
        guard key.type == .ed25519, try check(with: key, over: content).isVerified else {
            return nil
        }
        return .otherFormat(of: entry, "minisign")
    }

    private func check(
        with key: PublicKey, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck {
        let message =
            isLegacy
            ? content.message : .bytes(try content.message.digest(MessageDigest(.blake2b512)))
        let signs = try key.accepts(signature.bytes, over: message, algorithm: .ed25519)
        let binds = try key.accepts(
            globalSignature, over: signature.bytes + trustedComment, algorithm: .ed25519)
        switch (signs, binds) {
        case (true, true): return .verifies
        case (true, false): return .invalid("its trusted comment is not the one that was signed")
        case (false, true): return .otherContent("the key signed something else")
        case (false, false): return .invalid("the signature does not verify over the content")
        }
    }
}

extension NotAcceptable {
    /// A key of the policy made the signature, and the policy has it in another format.
    static func otherFormat(of entry: PolicyKey, _ format: String) -> NotAcceptable {
        guard entry.format.name != format else {
            return NotAcceptable(
                .key, "the key of \(entry.id) made it, and it names another key", isByKey: true)
        }
        return NotAcceptable(
            .key,
            "the key of \(entry.id) made it, and \(format) signatures count only for keys of the "
                + "format \(format), not \(entry.format.name)",
            remedy: "add the signer's key to the policy as \(format) writes it", isByKey: true)
    }
}

extension MinisignSignature {
    /// Reads the four lines of a signature file, which only empty lines may follow.
    ///
    /// An empty trusted comment is refused: its signature would be over 64 bytes, as one over a
    /// digest is, and minisign writes none.
    ///
    /// - Throws: `SignatureError` for anything else.
    init(parsing file: [UInt8]) throws(SignatureError) {
        let blob = try CommentedBlob(parsing: file)
        signature = try NumberedSignature(
            blob.value, algorithms: [NumberedSignature.whole, NumberedSignature.hashed])
        var rest = blob.rest
        guard let third = takeLine(from: &rest, endingInCRLF: blob.endsInCRLF),
            third.starts(with: Self.trustedPrefix), third.count > Self.trustedPrefix.count
        else { throw .notText(expected: "a line `trusted comment: …` after the signature") }
        trustedComment = Array(third.dropFirst(Self.trustedPrefix.count))
        try checkComment(
            trustedComment, longest: Self.longestTrustedComment, name: "trusted comment")
        guard let fourth = takeLine(from: &rest, endingInCRLF: blob.endsInCRLF),
            let value = Base64.decode(fourth)
        else { throw .notText(expected: "a line of base64 after the trusted comment") }
        guard value.count == 64 else { throw .wrongLength(value.count) }
        globalSignature = value
        guard isEmptyLines(rest) else { throw .trailingBytes }
    }
}

extension SignatureFormat {
    /// A signature of minisign, over the BLAKE2b-512 of the content or, as legacy, over the content.
    package static let minisign = SignatureFormat(
        name: "minisign", fileExtension: "minisig",
        mediaType: "application/vnd.closeout.signature.minisign",
        recognition: .byContent { CommentedSignature.kind(of: $0) == .minisign },
        read: { file throws(SignatureError) in
            [.keyed(try MinisignSignature(parsing: file))]
        })
}
