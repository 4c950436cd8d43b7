extension PrivateKey {
    /// Whether bytes are a private key, encrypted or not, or hold the text of one anywhere.
    ///
    /// It sees the outline of PKCS#8, EC and RSA keys in DER, and PEM blocks whose label has
    /// `PRIVATE KEY` in it, also of formats that are not read here and inside other texts such as
    /// JSON. A text that only speaks of such blocks, with no key after the label, is not one.
    package static func isLikely(in bytes: [UInt8]) -> Bool {
        if PrivateKeyForm(of: bytes) != nil { return true }
        var rest = bytes[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "P")) {
            rest = rest[start...]
            if rest.starts(with: label), holdsKey(after: rest.dropFirst(label.count)) {
                return true
            }
            rest = rest.dropFirst()
        }
        return false
    }

    private static let label = [UInt8]("PRIVATE KEY".utf8)
    private static let endings = ["-----", " BLOCK-----"].map { [UInt8]($0.utf8) }
    private static let headers = ["Proc-Type:", "Version:", "Comment:"].map { [UInt8]($0.utf8) }
    private static let lineEnds = [UInt8](" \t\r\n\\".utf8)

    /// Whether a label ends here and base64 or a header follows; line ends may be escaped.
    private static func holdsKey(after label: ArraySlice<UInt8>) -> Bool {
        guard let ending = endings.first(where: { label.starts(with: $0) }) else { return false }
        let body = label.dropFirst(ending.count).drop { lineEnds.contains($0) }
        let start = body.prefix(16)
        return start.count == 16 && start.allSatisfy(isBase64)
            || headers.contains { body.starts(with: $0) }
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
