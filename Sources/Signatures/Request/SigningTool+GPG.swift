import CloseoutOpenSSL

extension SigningTool {
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
