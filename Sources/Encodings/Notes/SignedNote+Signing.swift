package import CloseoutOpenSSL

extension SignedNote {
    /// Makes a note of a text with one signature, by Ed25519 or ECDSA P-256.
    ///
    /// - Throws: `NoteError.unsuitableKey` for any other key, `malformedName`, `key`, or what is
    ///   wrong with the text.
    package static func signing(
        _ text: [UInt8], as name: [UInt8], with key: borrowing PrivateKey
    ) throws(NoteError) -> SignedNote {
        var note = try SignedNote(text: text)
        let verifier = try NoteVerifier(name: name, key: key.publicKey)
        let bytes = try signature(over: text, as: verifier, with: key)
        try note.append(NoteSignature(name: name, keyID: verifier.keyID, bytes: bytes))
        return note
    }

    /// The cosignature/v1 of a witness, an Ed25519 key, which saw this note at a time.
    ///
    /// - Throws: `NoteError.unsuitableKey` for any other key, `malformedName`, `key`.
    package func cosignature(
        as name: [UInt8], at time: Instant, with key: borrowing PrivateKey
    ) throws(NoteError) -> NoteSignature {
        let verifier = try NoteVerifier(name: name, key: key.publicKey, kind: .cosignatureV1)
        let message = Cosignature.message(text, at: time)
        let signature = try Self.signature(over: message, as: verifier, with: key)
        return try NoteSignature(
            name: name, keyID: verifier.keyID, bytes: Cosignature.encode(signature, at: time))
    }

    private static func signature(
        over message: [UInt8], as verifier: NoteVerifier, with key: borrowing PrivateKey
    ) throws(NoteError) -> [UInt8] {
        do {
            return try key.sign(message, algorithm: verifier.kind.algorithm)
        } catch {
            throw .key(error)
        }
    }
}
