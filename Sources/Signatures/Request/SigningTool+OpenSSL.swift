import CloseoutOpenSSL

extension SigningTool {
    /// The `openssl` command over a private key in a file.
    package static let openssl = SigningTool(
        name: "openssl", referenceForm: "the path of a private key in PEM", format: .raw,
        commands: { task throws(RequestError) in
            guard let digest = task.algorithm.digest else { return [signingWhole(task)] }
            return [
                commandLine(
                    ["openssl", "dgst", ShellWord("-\(digest.rawValue)")]
                        + paddingOptions(task.algorithm)
                        + ["-sign", task.key, "-out", task.signature, task.file])
            ]
        })

    /// Signs without a digest of its own, as Ed25519 and ML-DSA do.
    private static func signingWhole(_ task: SigningTask) -> String {
        commandLine([
            "openssl", "pkeyutl", "-sign", "-rawin", "-inkey", task.key, "-in", task.file,
            "-out", task.signature,
        ])
    }

    private static func paddingOptions(_ algorithm: SignatureAlgorithm) -> [ShellWord] {
        switch algorithm {
        case .rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512:
            ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
        default: []
        }
    }
}
