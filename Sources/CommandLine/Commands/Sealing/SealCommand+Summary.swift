import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

extension SealCommand {
    /// Says what was sealed, and the command to publish.
    func summarise(
        _ sealed: SealedRelease, at target: BundleTarget, by signer: FormatSigner,
        verifyingWith trust: (words: String, hint: String?), _ context: Context
    ) {
        let release = sealed.seal.release
        context.console.note(
            """
            sealed      \(release.name) \(release.version), \(sealed.seal.created)
            bundle id   \(sealed.id.hex)
            manifest    \(sealed.seal.manifestDigest.hex)
            \(fingerprints(of: signer.key.publicKey))
            checkpoint  log size \(sealed.logSize)
            verify with:
              closeout verify \(shellQuoted(target.path)) \(trust.words) \(artifactWords) \
            --release \(release.name)@\(release.version)
            """)
        if let hint = trust.hint { context.console.note("hint: \(hint)") }
    }

    /// How to name the artifacts when verifying.
    private var artifactWords: String {
        let excluded = freezing.exclude.isEmpty ? "" : " --allow-excluded"
        if case .directory(let path)? = try? freezing.source() {
            return "--artifacts \(shellQuoted(path))\(excluded)"
        }
        return freezing.paths.map { "--file \(shellQuoted($0))" }.joined(separator: " ")
    }

    /// How to say whom to trust, and what there is to do before that can be said.
    func trustWords(
        _ signer: FormatSigner, _ keyFile: String?, _ trusted: Trust, hasLogKey: Bool
    ) -> (words: String, hint: String?) {
        if trusted.policy != nil {
            // What came through a pipe has no name that others could use.
            return (trusted.path.map { "--trust \(shellQuoted($0))" } ?? "--trust POLICY", nil)
        }
        guard signer.certificates.isEmpty else {
            return (
                "--trust POLICY",
                "put the certificate's anchor into a policy, with `closeout trust init POLICY ANCHOR "
                    + "--subject NAME`, and the log key with `closeout trust add`"
            )
        }
        guard !hasLogKey else {
            return (
                "--trust POLICY",
                "put the signing key and the log key into a policy, with `closeout trust init` and "
                    + "`closeout trust add`"
            )
        }
        let isImplied = signer.key.publicKey.type != .rsa || signer.algorithm == .rsaPSSSHA256
        let algorithm = isImplied ? "" : " --algorithm \(signer.algorithm.rawValue)"
        if let keyFile { return ("--key \(keyFile)\(algorithm)", nil) }
        return (
            "--key PUBLIC-KEY\(algorithm)",
            "`closeout keygen --public KEY` prints the public key of the private key that signed"
        )
    }

    /// The file beside the private key with its public half, as `keygen` makes it, for a shell.
    func publicKeyFile(of key: PublicKey) -> String? {
        guard case .file(var path) = self.key.place else { return nil }
        let ending = Array(".pem".utf8)
        if path.suffix(ending.count).elementsEqual(ending) { path.removeLast(ending.count) }
        path += Array(".pub.pem".utf8)
        guard let bytes = try? readFile(path, limit: 256 * 1024),
            let found = try? PublicKey(pem: bytes), found == key
        else { return nil }
        return shellQuoted(path)
    }
}
