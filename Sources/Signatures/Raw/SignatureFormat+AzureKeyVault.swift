import CloseoutEncodings

extension SignatureFormat {
    /// What Azure Key Vault answers: base64url, elliptic curve signatures as r and s side by side.
    ///
    /// The text shows neither whose it is nor that it is no DER, so somebody has to say it.
    package static let azureKeyVault = SignatureFormat(
        name: "azure-keyvault", fileExtension: "azure",
        mediaType: "application/vnd.closeout.signature.azure-keyvault",
        recognition: .never,
        read: { file throws(SignatureError) in
            guard let bytes = Base64.decodeURL(withoutEmptyLines(file)) else {
                throw .notText(expected: "base64url without padding")
            }
            return [.keyed(try RawSignature(bytes, encoding: .concatenated))]
        })

    /// Whether a file is one line of base64url without padding that could be a signature: the other
    /// reading of a text that is recognised as no format.
    package static func isBase64URL(_ file: [UInt8]) -> Bool {
        Base64.decodeURL(withoutEmptyLines(file)).map(SignatureLength.isPlausible) ?? false
    }
}
