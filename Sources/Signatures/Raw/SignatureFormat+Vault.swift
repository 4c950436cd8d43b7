import CloseoutEncodings

extension SignatureFormat {
    /// The text that HashiCorp Vault's transit engine prints: `vault:v1:` and base64.
    package static let vault = SignatureFormat(
        name: "vault", fileExtension: "vault",
        mediaType: "application/vnd.closeout.signature.vault",
        recognition: .byContent { $0.starts(with: prefix) },
        read: { file throws(SignatureError) in
            guard let (version, bytes) = split(file) else {
                throw .notText(expected: "vault:v<key version>:<base64>")
            }
            return [.keyed(try RawSignature(bytes, hint: prefix + version))]
        })

    private static let prefix = Array("vault:v".utf8)

    /// Takes the text apart into the key's version and the signature.
    private static func split(_ file: [UInt8]) -> (version: [UInt8], signature: [UInt8])? {
        let text = withoutEmptyLines(file)
        let parts = text.dropFirst(prefix.count).split(
            separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard text.starts(with: prefix), let version = parts.first, let last = parts.last,
            parts.count == 2, (1...10).contains(version.count),
            version.allSatisfy(\.isDigit),
            let signature = Base64.decode(Array(last))
        else { return nil }
        return (Array(version), signature)
    }
}
