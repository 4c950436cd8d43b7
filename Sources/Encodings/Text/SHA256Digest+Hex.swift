package import OpenSSL

extension SHA256Digest {
    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    package init?(hex digits: [UInt8]) {
        guard let bytes = Hex.decode(digits) else { return nil }
        self.init(bytes)
    }

    /// The digest as 64 lower-case hexadecimal digits.
    package var hexBytes: [UInt8] {
        Hex.encode(bytes)
    }

    /// The digest as 64 lower-case hexadecimal digits, as text.
    package var hex: String {
        Hex.string(bytes)
    }
}

extension JSONItem {
    /// The value as a SHA-256 digest of 64 lower-case hexadecimal digits.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`, or `invalid` for any other text.
    package func digest() throws(JSONShapeError) -> SHA256Digest {
        guard let digest = SHA256Digest(hex: try bytes()) else {
            throw invalid("not a SHA-256 digest of 64 lower-case hexadecimal digits")
        }
        return digest
    }
}

extension JSONObjectReader {
    /// Takes a required digest; see `JSONItem.digest()`.
    package mutating func digest(_ key: String) throws(JSONShapeError) -> SHA256Digest {
        try required(key).digest()
    }
}
