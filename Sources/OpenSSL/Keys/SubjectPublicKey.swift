import COpenSSL

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
        let known = KeyType.allCases.first { $0.algorithmIdentifier[...] == algorithm }
        guard let type = known else { throw .unsupported(Self.name(of: algorithm)) }
        self.type = type
        key = [UInt8](bits.dropFirst())
    }

    /// The DER of the whole.
    static func der(of key: [UInt8], type: KeyType) -> [UInt8] {
        let algorithm = DER.element(.sequence, type.algorithmIdentifier)
        return DER.element(.sequence, algorithm + DER.element(.bitString, [0] + key))
    }

    /// Names an algorithm that is not taken, for the message.
    private static func name(of algorithm: ArraySlice<UInt8>) -> String {
        var fields = DERReader(algorithm)
        guard let object = fields.read(.objectIdentifier) else { return "algorithm without a name" }
        let name = objectName(object)
        guard !fields.isAtEnd else { return name }
        guard let parameter = fields.readLast(.objectIdentifier) else {
            return "\(name) with parameters of its own"
        }
        return "\(name) \(objectName(parameter))"
    }

    private static func objectName(_ content: ArraySlice<UInt8>) -> String {
        let der = DER.element(.objectIdentifier, [UInt8](content))
        guard let object = unsafe decoded(der, { unsafe d2i_ASN1_OBJECT(nil, $0, $1) }) else {
            OpenSSLError.clearQueue()
            return "algorithm without a name"
        }
        defer { unsafe ASN1_OBJECT_free(object) }
        var text = [CChar](repeating: 0, count: 80)
        let count = unsafe Int(OBJ_obj2txt(&text, CInt(text.count), object, 0))
        let characters = text.prefix(max(0, min(count, text.count - 1)))
        return String(decoding: characters.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
