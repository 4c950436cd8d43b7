package import CloseoutOpenSSL

extension SHA256Digest {
    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    package init?(hex digits: [UInt8]) {
        self.init(hex: digits.span)
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    package init?(hex digits: Span<UInt8>) {
        guard digits.count == 64 else { return nil }
        guard let first = Hex.word(digits, at: 0), let second = Hex.word(digits, at: 16),
            let third = Hex.word(digits, at: 32), let fourth = Hex.word(digits, at: 48)
        else { return nil }
        self.init(words: (first, second, third, fourth))
    }

    /// The digest as 64 lower-case hexadecimal digits.
    package var hexBytes: [UInt8] {
        var digits: [UInt8] = []
        appendHex(to: &digits)
        return digits
    }

    /// The digest as 64 lower-case hexadecimal digits, as text.
    package var hex: String {
        String(decoding: hexBytes, as: UTF8.self)
    }

    /// Appends the digest as 64 lower-case hexadecimal digits.
    package func appendHex(to digits: inout [UInt8]) {
        let start = digits.count
        digits.append(contentsOf: repeatElement(0, count: 64))
        var target = digits.mutableSpan
        Hex.write(words.0, to: &target, at: start)
        Hex.write(words.1, to: &target, at: start + 16)
        Hex.write(words.2, to: &target, at: start + 32)
        Hex.write(words.3, to: &target, at: start + 48)
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
