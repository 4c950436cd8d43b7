extension PublicKey {
    /// Makes a key of the two numbers of an RSA key, big-endian.
    ///
    /// - Throws: What ``init(spki:)`` throws.
    package convenience init(
        modulus: [UInt8], exponent: [UInt8]
    ) throws(KeyError) {
        let numbers = DER.integer(modulus) + DER.integer(exponent)
        try self.init(spki: SubjectPublicKey.der(of: DER.element(.sequence, numbers), type: .rsa))
    }
}
