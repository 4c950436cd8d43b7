import CloseoutCOpenSSL

extension KeyType {
    /// The type that the content of an AlgorithmIdentifier names (RFC 5280, 4.1.1.2).
    ///
    /// - Throws: ``KeyError/unsupported(_:)`` for all that is not in the closed list.
    init(algorithmIdentifier: ArraySlice<UInt8>) throws(KeyError) {
        let known = Self.allCases.first { $0.algorithmIdentifier[...] == algorithmIdentifier }
        guard let known else { throw .unsupported(algorithmName(algorithmIdentifier)) }
        self = known
    }

    /// The content of the AlgorithmIdentifier of the type, in its only spelling.
    var algorithmIdentifier: [UInt8] {
        switch self {
        case .ed25519: [0x06, 3, 0x2B, 0x65, 0x70]
        case .p256: Self.ecPublicKey + [0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]
        case .p384: Self.ecPublicKey + [0x06, 5, 0x2B, 0x81, 0x04, 0x00, 0x22]
        case .p521: Self.ecPublicKey + [0x06, 5, 0x2B, 0x81, 0x04, 0x00, 0x23]
        case .rsa: [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 0x05, 0]
        case .mldsa44: Self.nistSignature + [0x11]
        case .mldsa65: Self.nistSignature + [0x12]
        case .mldsa87: Self.nistSignature + [0x13]
        }
    }

    private static let ecPublicKey: [UInt8] = [0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]
    private static let nistSignature: [UInt8] = [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3]
}

/// Names an algorithm that is not taken, for the message.
private func algorithmName(_ algorithm: ArraySlice<UInt8>) -> String {
    var fields = DERReader(algorithm)
    guard let object = fields.read(.objectIdentifier) else { return "algorithm without a name" }
    let name = objectName(object)
    guard !fields.isAtEnd else { return name }
    guard let parameter = fields.readLast(.objectIdentifier) else {
        return "\(name) with parameters of its own"
    }
    return "\(name) \(objectName(parameter))"
}

private func objectName(_ content: ArraySlice<UInt8>) -> String {
    let der = DER.element(.objectIdentifier, [UInt8](content))
    // Long identifiers have no name, and writing them as numbers takes quadratic time.
    guard der.count <= 32,
        let object = unsafe decoded(der, { unsafe d2i_ASN1_OBJECT(nil, $0, $1) })
    else {
        OpenSSLError.clearQueue()
        return "algorithm without a name"
    }
    defer { unsafe ASN1_OBJECT_free(object) }
    var text = [CChar](repeating: 0, count: 80)
    let count = unsafe Int(OBJ_obj2txt(&text, CInt(text.count), object, 0))
    let characters = text.prefix(max(0, min(count, text.count - 1)))
    return String(decoding: characters.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
