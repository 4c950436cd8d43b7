package import CloseoutEncodings
package import CloseoutOpenSSL

/// A key that signs C2SP notes under a name of its own.
package struct NoteKey: VerificationKey {
    /// What checks its signatures.
    package let verifier: NoteVerifier

    /// The one key inside.
    package var publicKeys: [PublicKey] { [verifier.key] }
    /// The algorithm within the note's kind of signature.
    package var algorithm: SignatureAlgorithm {
        verifier.kind == .ecdsaP256 ? .ecdsaP256SHA256 : .ed25519
    }
    /// Nothing: notes have no weak keys.
    package var weakness: String? { nil }

    /// A key that cosigns with the time can be a witness; any other is one of a log.
    package var roles: Set<Role> { verifier.kind == .cosignatureV1 ? [.witness] : [.log] }
}

extension KeyFormat {
    /// The text `name+keyid+key` in which logs and witnesses publish the keys of their notes.
    package static let note = KeyFormat(
        name: "note",
        recognises: { (try? NoteVerifier(vkey: withoutLineEnd($0))) != nil },
        read: { material, entry throws(JSONShapeError) in
            do {
                return .note(
                    NoteKey(verifier: try NoteVerifier(vkey: withoutLineEnd(material))))
            } catch { throw entry.invalid("key", "\(error)") }
        }, text: endingLinesInLF)
}
