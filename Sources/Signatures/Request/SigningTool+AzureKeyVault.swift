import CloseoutOpenSSL

extension SigningTool {
    /// The `az` command over a key of Azure Key Vault, which signs digests only.
    package static let azureKeyVault = SigningTool(
        name: "azure-keyvault", referenceForm: azureReference, format: .azureKeyVault,
        commands: { task throws(RequestError) in
            guard let name = task.algorithm.azureName, let digest = task.algorithm.digest else {
                throw unsupported("azure-keyvault", task)
            }
            guard let service = service(of: task.keyReference) else {
                throw .malformedReference(task.keyReference, expected: azureReference)
            }
            let hashing = commandLine([
                "openssl", "dgst", ShellWord("-\(digest.rawValue)"), "-binary", task.file,
            ])
            let body = #""{\"alg\":\"\#(name)\",\"value\":\"$digest\"}""#
            let signing = commandLine([
                "az", "rest", "--method", "post", "--resource", service,
                "--url", task.key + "/sign?api-version=7.4",
                "--headers", "Content-Type=application/json",
            ])
            let output = commandLine(
                ["--query", "value", "--output", "tsv"], writingTo: task.signature)
            return [
                "digest=$(\(hashing) | openssl base64 -A | tr '+/' '-_' | tr -d '=')",
                "\(signing) --body \(body) \(output)",
            ]
        })

    private static let azureReference = "https://NAME.vault.azure.net/keys/KEY/VERSION"

    /// The resource for which the key's vault wants its caller authorised: its host's own domain.
    private static func service(of reference: [UInt8]) -> ShellWord? {
        let parts = reference.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 6, reference.starts(with: Array("https://".utf8)),
            parts[3].elementsEqual("keys".utf8), !parts[4].isEmpty, !parts[5].isEmpty,
            let dot = parts[2].firstIndex(of: UInt8(ascii: ".")), dot != parts[2].startIndex
        else { return nil }
        return "https://" + ShellWord(Array(parts[2][(dot + 1)...]))
    }
}

extension SignatureAlgorithm {
    /// The service's name for this algorithm; `nil` where it has none.
    fileprivate var azureName: String? {
        switch self {
        case .ecdsaP256SHA256: "ES256"
        case .ecdsaP384SHA384: "ES384"
        case .ecdsaP521SHA512: "ES512"
        case .rsaPSSSHA256: "PS256"
        case .rsaPSSSHA384: "PS384"
        case .rsaPSSSHA512: "PS512"
        case .rsaPKCS1SHA256: "RS256"
        case .rsaPKCS1SHA384: "RS384"
        case .rsaPKCS1SHA512: "RS512"
        default: nil
        }
    }
}
