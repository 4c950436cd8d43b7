import CloseoutEncodings
import CloseoutOpenSSL

/// One signature line of a signed note, together with the text that it covers.
struct NoteLine: KeyedSignature {
    let text: [UInt8]
    let signature: NoteSignature

    var hint: [UInt8]? { signature.name + "+".utf8 + Hex.encode(signature.keyID) }

    func relation(to key: PolicyKeyValue) -> KeyRelation {
        guard case .note(let key) = key else { return .other }
        return isNamed(by: key.verifier) ? .named : .other
    }

    func check(
        with key: PolicyKeyValue, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck {
        guard case .note(let key) = key, case .valid = try check(with: key.verifier) else {
            return .invalid("the signature does not verify over the note's text")
        }
        return try content.message.equals(text)
            ? .verifies : .otherContent("the note's text is not the content in question")
    }

    /// Never: what a key signs as a note depends on the name that it has there.
    func diagnosis(
        by key: PublicKey, of entry: PolicyKey, over content: CheckedContent
    ) -> NotAcceptable? {
        nil
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

extension SignatureFormat {
    /// A C2SP signed note, whose text is the signed content itself.
    package static let note = SignatureFormat(
        name: "note", fileExtension: "note", mediaType: "application/vnd.closeout.signed-note",
        recognition: .byContent { (try? SignedNote(parsing: $0)) != nil },
        read: { file throws(SignatureError) in
            let note: SignedNote
            do throws(NoteError) {
                note = try SignedNote(parsing: file)
            } catch { throw .note(error) }
            return note.signatures.map { .keyed(NoteLine(text: note.text, signature: $0)) }
        })
}
