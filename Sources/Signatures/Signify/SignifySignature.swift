import Encodings
import OpenSSL

/// A signature of OpenBSD's signify: beside a file, or in one file with a list of digests.
struct SignifySignature: UnverifiedSignature {
    let comment: [UInt8]
    let signature: NumberedSignature
    /// The signed list that the file holds; `nil` for a detached signature.
    let list: DigestList?

    var hint: [UInt8]? { NumberedKey.name(of: signature.keyNumber) }

    var remark: SignatureRemark? { SignatureRemark(text: comment, isSigned: false) }

    func relation(to key: any KeyMaterial) -> KeyRelation {
        guard let key = key as? SignifyKey else { return .other }
        return key.key.number == signature.keyNumber ? .named : .other
    }

    func verify(
        with key: any KeyMaterial, over content: SignedContent
    ) throws(OpenSSLError) -> SignatureVerdict {
        let place = list == nil ? "the content" : "the list of digests beside it"
        guard let key = key as? SignifyKey,
            try key.key.accepts(signature.bytes, over: list?.bytes ?? content.bytes)
        else { return .invalid("the signature does not verify over \(place)") }
        guard let list else { return .verifies }
        guard let name = content.fileName, content.payloadType == nil else {
            return .otherContent("it is over a list of digests, which only speaks of the content")
        }
        return try list.verdict(onFileNamed: name, holding: content.bytes)
    }
}
