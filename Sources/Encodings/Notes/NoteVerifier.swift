package import CloseoutOpenSSL

/// What a verifier found in a signed note.
package enum NoteCheck: Equatable, Sendable {
    /// The note has no signature of this key.
    case absent
    /// Every signature of this key verifies; the time is that of a cosignature, the earliest of many.
    case valid(time: Instant?)
    /// A signature that claims to be of this key does not verify.
    case invalid
}

/// A key, under its name, that signs notes in one way.
///
/// Implements "Keys of notes" of docs/log.md.
package struct NoteVerifier: Equatable, Sendable {
    /// The ways of signing; raw values are the type bytes that C2SP assigned.
    package enum Kind: UInt8, CaseIterable, Sendable {
        /// Ed25519 over the text.
        case ed25519 = 0x01
        /// ECDSA P-256 with SHA-256 in DER over the text.
        case ecdsaP256 = 0x02
        /// A witness's cosignature/v1: a time, and Ed25519 over that and the text.
        case cosignatureV1 = 0x04
    }

    /// The key's name.
    package let name: [UInt8]
    /// The key itself.
    package let key: PublicKey
    /// How it signs.
    package let kind: Kind
    /// The four bytes that name it in signature lines.
    package let keyID: [UInt8]

    /// Binds a key to a name; without a kind it is the one that logs use with the key's type.
    ///
    /// - Throws: `NoteError.malformedName`, `unsuitableKey`, `openSSL`.
    package init(name: [UInt8], key: PublicKey, kind: Kind? = nil) throws(NoteError) {
        guard NoteSignature.isName(name) else { throw .malformedName(name) }
        guard let kind = kind ?? Kind(log: key.type), kind.keyType == key.type else {
            throw .unsuitableKey(key.type)
        }
        self.name = name
        self.key = key
        self.kind = kind
        keyID = try Self.keyID(of: key, kind: kind, name: name)
    }

    /// Looks for signatures of this key in a note and verifies them all.
    ///
    /// - Throws: `OpenSSLError` when that could not be done, never because of what the note holds.
    package func check(_ note: SignedNote) throws(OpenSSLError) -> NoteCheck {
        let own = note.signatures.filter { $0.keyID == keyID && $0.name == name }
        var times: [Instant] = []
        for signature in own {
            guard let claim = claim(of: signature, over: note.text),
                try key.accepts(claim.signature, over: claim.message, algorithm: kind.algorithm)
            else { return .invalid }
            if let time = claim.time { times.append(time) }
        }
        return own.isEmpty ? .absent : .valid(time: times.min())
    }

    /// What a signature line claims to be signed; nil when its bytes are not of this kind.
    private func claim(
        of signature: NoteSignature, over text: [UInt8]
    ) -> (message: [UInt8], signature: [UInt8], time: Instant?)? {
        guard kind == .cosignatureV1 else { return (text, signature.bytes, nil) }
        guard let cosignature = Cosignature(signature.bytes) else { return nil }
        let message = Cosignature.message(text, at: cosignature.time)
        return (message, cosignature.signature, cosignature.time)
    }

    private static func keyID(
        of key: PublicKey, kind: Kind, name: [UInt8]
    ) throws(NoteError) -> [UInt8] {
        // C2SP keeps the older rule for ECDSA, which leaves out the name.
        let named = name + [0x0A, kind.rawValue] + (key.rawEd25519 ?? [])
        do {
            return try Array(SHA256Digest.of(kind == .ecdsaP256 ? key.spki : named).bytes.prefix(4))
        } catch {
            throw .openSSL(error)
        }
    }
}

extension NoteVerifier.Kind {
    /// The kind by which a log signs with a key of this type; nil when it cannot.
    init?(log type: KeyType) {
        switch type {
        case .ed25519: self = .ed25519
        case .p256: self = .ecdsaP256
        default: return nil
        }
    }

    /// The only type of key that signs this way.
    var keyType: KeyType {
        switch self {
        case .ed25519, .cosignatureV1: .ed25519
        case .ecdsaP256: .p256
        }
    }

    /// The signature algorithm within.
    package var algorithm: SignatureAlgorithm {
        switch self {
        case .ed25519, .cosignatureV1: .ed25519
        case .ecdsaP256: .ecdsaP256SHA256
        }
    }
}
