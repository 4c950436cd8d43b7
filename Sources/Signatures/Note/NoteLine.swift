import Encodings
import OpenSSL

/// One signature line of a signed note, together with the text that it is over.
struct NoteLine: UnverifiedSignature {
    let text: [UInt8]
    let signature: NoteSignature

    var hint: [UInt8]? { signature.name + "+".utf8 + Hex.encode(signature.keyID) }

    func relation(to key: any KeyMaterial) -> KeyRelation {
        guard let key = key as? NoteKey else { return .other }
        return isNamed(by: key.verifier) ? .named : .other
    }

    func verify(
        with key: any KeyMaterial, over content: SignedContent
    ) throws(OpenSSLError) -> SignatureVerdict {
        guard let key = key as? NoteKey, case .valid = try check(with: key.verifier) else {
            return .invalid("the signature does not verify over the note's text")
        }
        return text == content.bytes
            ? .verifies : .otherContent("the note's text is not the content in question")
    }

    /// Whether the line says that it is of this key.
    func isNamed(by verifier: NoteVerifier) -> Bool {
        signature.name == verifier.name && signature.keyID == verifier.keyID
    }

    /// Checks this line alone.
    func check(with verifier: NoteVerifier) throws(OpenSSLError) -> NoteCheck {
        guard let note = try? SignedNote(text: text, signatures: [signature]) else {
            return .invalid
        }
        return try verifier.check(note)
    }
}
