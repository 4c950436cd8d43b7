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
