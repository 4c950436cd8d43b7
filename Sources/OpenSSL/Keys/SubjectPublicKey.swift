/// A SubjectPublicKeyInfo taken apart (RFC 5280, 4.1): which type of key, and the key's bytes.
struct SubjectPublicKey {
    let type: KeyType
    let key: [UInt8]

    /// Takes apart DER that has nothing before, after or beside the key.
    ///
    /// - Throws: ``KeyError/isPrivate`` for the beginning of a private key,
    ///   ``KeyError/unsupported(_:)`` for an algorithm that is not in the closed list.
    init(der: [UInt8]) throws(KeyError) {
        var outer = DERReader(der[...])
        guard let content = outer.readLast(.sequence) else {
            throw .notAKey("not one DER sequence from beginning to end")
        }
        guard PrivateKeyForm(of: der) == nil else { throw .isPrivate }
        var fields = DERReader(content)
        guard let algorithm = fields.read(.sequence), let bits = fields.readLast(.bitString),
            bits.first == 0
        else { throw .notAKey("not a SubjectPublicKeyInfo in DER") }
        type = try KeyType(algorithmIdentifier: algorithm)
        key = [UInt8](bits.dropFirst())
    }

    /// The DER of the whole.
    static func der(of key: [UInt8], type: KeyType) -> [UInt8] {
        let algorithm = DER.element(.sequence, type.algorithmIdentifier)
        return DER.element(.sequence, algorithm + DER.element(.bitString, [0] + key))
    }
}
