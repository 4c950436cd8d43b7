/// The two forms of an ECDSA signature: DER, which is verified, and `r` and `s` side by side.
enum ECDSASignature {
    /// Whether the bytes are the only DER of an `r` and `s` that are above zero and fit the curve.
    ///
    /// That both are below the order of the curve is checked by libcrypto.
    static func isStrict(_ der: [UInt8], coordinateSize: Int) -> Bool {
        var outer = DERReader(der[...])
        guard let content = outer.readLast(.sequence) else { return false }
        var fields = DERReader(content)
        guard let r = fields.readPositiveInteger(), let s = fields.readPositiveInteger() else {
            return false
        }
        return fields.isAtEnd && max(r.count, s.count) <= coordinateSize
    }

    /// The DER of `r` and `s`, both of the curve's length; nil for any other length.
    static func der(fromP1363 bytes: [UInt8], coordinateSize: Int) -> [UInt8]? {
        guard bytes.count == 2 * coordinateSize else { return nil }
        let r = DER.integer(bytes.prefix(coordinateSize))
        let s = DER.integer(bytes.suffix(coordinateSize))
        return DER.element(.sequence, r + s)
    }
}
