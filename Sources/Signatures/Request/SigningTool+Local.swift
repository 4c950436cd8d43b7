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

    /// The `minisign` command over a private key in a file; the key implies the algorithm.
    package static let minisign = SigningTool(
        name: "minisign", referenceForm: "the path of a private key of minisign", format: .minisign,
        commands: { task throws(RequestError) in
            let key = try keyPath(of: task)
            return [
                commandLine([
                    "minisign", "-S", "-H", "-s", key, "-m", task.file, "-x", task.signature,
                ])
            ]
        })

    /// The `signify` command over a private key in a file; the key implies the algorithm.
    ///
    /// Debian calls it `signify-openbsd`, and something else `signify`.
    package static let signify = SigningTool(
        name: "signify", referenceForm: "the path of a private key of signify", format: .signify,
        commands: { task throws(RequestError) in
            let key = try keyPath(of: task)
            let arguments = commandLine([
                "-S", "-s", key, "-m", task.file, "-x", task.signature,
            ])
            return ["\"$(command -v signify-openbsd || command -v signify)\" \(arguments)"]
        })

    /// The `ssh-keygen` command over a private key in a file, or a public key whose private half
    /// an agent has; the key implies the algorithm.
    package static let ssh = SigningTool(
        name: "ssh", referenceForm: "the path of an SSH key, private or of the agent",
        format: .ssh,
        commands: { task throws(RequestError) in
            let key = try keyPath(of: task)
            return [
                commandLine(
                    [
                        "ssh-keygen", "-Y", "sign", "-n", ShellWord(SSHKey.ownNamespace), "-f", key,
                    ], readingFrom: task.file, writingTo: task.signature)
            ]
        })

    /// The key reference as a path that the tool takes for nothing else.
    private static func keyPath(
        of task: SigningTask
    ) throws(RequestError) -> ShellWord {
        guard !task.keyReference.isEmpty, !task.keyReference.contains(0) else {
            throw .malformedReference(task.keyReference, expected: "PATH")
        }
        return ShellWord(path: task.keyReference)
    }

    /// The `gpg` command over a key of the user's keyring.
    ///
    /// The key determines the algorithm; the digest is named, so that no configuration weakens it. A signature
    /// from before is replaced without a question.
    package static let gpg = SigningTool(
        name: "gpg", referenceForm: gpgReference, format: .openPGP,
        commands: { task throws(RequestError) in
            guard !task.keyReference.isEmpty else {
                throw .malformedReference(task.keyReference, expected: gpgReference)
            }
            return [
                commandLine([
                    "gpg", "--local-user", task.key, "--digest-algo", "SHA512", "--armor",
                    "--yes", "--output", task.signature, "--detach-sign", task.file,
                ])
            ]
        })

    private static let gpgReference = "a fingerprint, key id or user id that gpg knows"
}
