import CloseoutEncodings
import CloseoutOpenSSL

/// A signature of OpenBSD's signify: beside a file, or in one file with a list of digests.
struct SignifySignature: KeyedSignature {
    let comment: [UInt8]
    let signature: NumberedSignature
    /// The signed list that the file holds; `nil` for a detached signature.
    let list: DigestList?

    var hint: [UInt8]? { NumberedKey.name(of: signature.keyNumber) }

    var remark: SignatureRemark? { SignatureRemark(text: comment, isSigned: false) }

    func relation(to key: PolicyKeyValue) -> KeyRelation {
        guard case .signify(let key) = key else { return .other }
        return key.key.number == signature.keyNumber ? .named : .other
    }

    func check(
        with key: PolicyKeyValue, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck {
        let place = list == nil ? "the content" : "the list of digests beside it"
        guard case .signify(let key) = key, try isMade(by: key.key.publicKey, over: content)
        else { return .invalid("the signature does not verify over \(place)") }
        guard let list else { return .verifies }
        guard let name = content.fileName, content.payloadType == nil else {
            return .otherContent("it signs a list of digests, and not the content itself")
        }
        return try list.check(onFileNamed: name, holding: content.message)
    }

    func needs(of keys: [PolicyKey]) -> MessageNeeds {
        list.map { MessageNeeds(digests: $0.digests) } ?? MessageNeeds(bytes: true)
    }

    func diagnosis(
        by key: PublicKey, of entry: PolicyKey, over content: CheckedContent
    ) throws(OpenSSLError) -> NotAcceptable? {
        guard key.type == .ed25519, try isMade(by: key, over: content) else { return nil }
        return .otherFormat(of: entry, "signify")
    }

    private func isMade(
        by key: PublicKey, over content: CheckedContent
    ) throws(OpenSSLError) -> Bool {
        try key.accepts(
            signature.bytes, over: list.map { .bytes($0.bytes) } ?? content.message,
            algorithm: .ed25519)
    }
}
