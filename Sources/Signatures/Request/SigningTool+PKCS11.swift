import CloseoutOpenSSL

extension SigningTool {
    /// The `pkcs11-tool` command over a key in a hardware token.
    ///
    /// Elliptic curve keys get the digest: many tokens cannot hash for them.
    package static let pkcs11 = SigningTool(
        name: "pkcs11", referenceForm: PKCS11Reference.form, format: .raw,
        commands: { task throws(RequestError) in
            guard let mechanism = task.algorithm.pkcs11Mechanism else {
                throw unsupported("pkcs11", task)
            }
            guard let reference = PKCS11Reference(task.keyReference) else {
                throw .malformedReference(task.keyReference, expected: PKCS11Reference.form)
            }
            guard mechanism == "ECDSA", let digest = task.algorithm.digest else {
                return [signing(task.file, reference, mechanism, task)]
            }
            let hashed = task.file + ShellWord(".\(digest.rawValue)")
            let hashing = commandLine([
                "openssl", "dgst", ShellWord("-\(digest.rawValue)"), "-binary", "-out", hashed,
                task.file,
            ])
            return [hashing, signing(hashed, reference, mechanism, task)]
        })

    private static func signing(
        _ input: ShellWord, _ reference: PKCS11Reference, _ mechanism: ShellWord,
        _ task: SigningTask
    ) -> String {
        let encoding: [ShellWord] = mechanism == "ECDSA" ? ["--signature-format", "openssl"] : []
        return commandLine(
            ["pkcs11-tool"] + reference.options
                + ["--login", "--sign", "--mechanism", mechanism] + encoding
                + ["--input-file", input, "--output-file", task.signature])
    }
}

extension SignatureAlgorithm {
    /// The name of the token's mechanism; `nil` where the tool has none.
    fileprivate var pkcs11Mechanism: ShellWord? {
        switch self {
        case .ed25519: "EDDSA"
        case .ecdsaP256SHA256, .ecdsaP384SHA384, .ecdsaP521SHA512: "ECDSA"
        case .rsaPSSSHA256: "SHA256-RSA-PKCS-PSS"
        case .rsaPSSSHA384: "SHA384-RSA-PKCS-PSS"
        case .rsaPSSSHA512: "SHA512-RSA-PKCS-PSS"
        case .rsaPKCS1SHA256: "SHA256-RSA-PKCS"
        case .rsaPKCS1SHA384: "SHA384-RSA-PKCS"
        case .rsaPKCS1SHA512: "SHA512-RSA-PKCS"
        default: nil
        }
    }
}
