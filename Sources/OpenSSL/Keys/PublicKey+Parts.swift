// Formats that do not write keys as SubjectPublicKeyInfo give and take what is inside of it.
extension PublicKey {
    /// Makes an RSA key of its two numbers, big-endian.
    ///
    /// Keys of OpenPGP and SSH come so, where old tools chose exponents from 17 on.
    ///
    /// - Throws: What ``init(spki:)`` throws.
    package convenience init(modulus: [UInt8], exponent: [UInt8]) throws(KeyError) {
        let numbers = DER.integer(modulus) + DER.integer(exponent)
        try self.init(
            spki: SubjectPublicKey.der(of: DER.element(.sequence, numbers), type: .rsa),
            leastExponent: 17)
    }

    /// Makes an RSA key of an RSAPublicKey in DER (RFC 8017, A.1.1), and nothing but that.
    ///
    /// - Throws: What ``init(spki:)`` throws.
    package convenience init(pkcs1 der: [UInt8]) throws(KeyError) {
        try self.init(spki: SubjectPublicKey.der(of: der, type: .rsa))
    }

    /// Whether it is an RSA key with a smaller exponent than nearly all have.
    package var hasSmallExponent: Bool {
        guard let exponent = rsaNumbers?.exponent else { return false }
        return exponent.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } < Self.usualExponent
    }

    /// Makes an elliptic curve key of its point, uncompressed.
    ///
    /// - Throws: What ``init(spki:)`` throws.
    package convenience init(point: [UInt8], type: KeyType) throws(KeyError) {
        guard type.coordinateSize != nil else { throw .notAKey("\(type.rawValue) is no curve") }
        try self.init(spki: SubjectPublicKey.der(of: point, type: type))
    }

    /// The two numbers of an RSA key, big-endian without leading zeros; nil for other types.
    package var rsaNumbers: (modulus: [UInt8], exponent: [UInt8])? {
        guard type == .rsa, let bytes = subjectBytes else { return nil }
        var outer = DERReader(bytes[...])
        var fields = DERReader(outer.readLast(.sequence) ?? [])
        guard let modulus = fields.readPositiveInteger(),
            let exponent = fields.readPositiveInteger()
        else { return nil }
        return ([UInt8](modulus), [UInt8](exponent))
    }

    /// The uncompressed point of an elliptic curve key; nil for other types.
    package var point: [UInt8]? {
        type.coordinateSize.flatMap { _ in subjectBytes }
    }

    /// The two numbers of an ECDSA signature in strict DER, big-endian; nil for anything else.
    package static func ecdsaNumbers(of der: [UInt8]) -> (r: [UInt8], s: [UInt8])? {
        var outer = DERReader(der[...])
        var fields = DERReader(outer.readLast(.sequence) ?? [])
        guard let r = fields.readPositiveInteger(), let s = fields.readPositiveInteger(),
            fields.isAtEnd
        else { return nil }
        return ([UInt8](r), [UInt8](s))
    }

    private var subjectBytes: [UInt8]? { (try? SubjectPublicKey(der: spki))?.key }
}
