import CloseoutOpenSSL

extension SigningTool {
    /// The `openssl cms` command over a private key and its certificate in files.
    package static let opensslCMS = SigningTool(
        name: "openssl-cms",
        referenceForm: "the path of a private key in PEM, with its certificate unless that is "
            + "named by --certificate", format: .cms,
        commands: { task throws(RequestError) in
            guard let digest = task.algorithm.digest else {
                throw unsupported("openssl cms", task)
            }
            // The file has the signer's certificate too, which must not be in the signature twice.
            let chain: [ShellWord] = task.certificate.map { ["-nocerts", "-certfile", $0] } ?? []
            let signer = task.certificate ?? task.key
            return [
                commandLine(
                    [
                        "openssl", "cms", "-sign", "-binary", "-md", ShellWord(digest.rawValue),
                        "-signer", signer, "-inkey", task.key,
                    ] + keyOptions(task.algorithm) + chain
                        + ["-in", task.file, "-outform", "DER", "-out", task.signature])
            ]
        })

    private static func keyOptions(_ algorithm: SignatureAlgorithm) -> [ShellWord] {
        switch algorithm {
        case .rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512:
            ["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest"]
        default: []
        }
    }
}
