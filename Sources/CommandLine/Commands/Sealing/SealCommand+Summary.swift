import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures

extension SealCommand {
    /// Tells a person what was sealed, and the command to publish.
    func summarise(
        _ target: BundleTarget, _ key: PublicKey, _ signer: LocalSigner, _ policy: [UInt8]?,
        _ context: Context
    ) async throws {
        let contents = try await BundleReader(opening: target.path, waiting: context.lockWait)
            .contents()
        guard let bytes = contents.seal else { return }
        let seal = try Seal(parsing: bytes)
        let id = try SHA256Digest.of(bytes)
        let (trust, hint) = try trustWords(key, signer, policy)
        context.console.note(
            """
            sealed      \(seal.release.name) \(seal.release.version), \(seal.created)
            bundle id   \(id.hex)
            manifest    \(seal.manifestDigest.hex)
            \(Keygen.fingerprints(of: key))
            checkpoint  log size \(contents.log.size)
            verify with:
              closeout verify \(shellQuoted(target.path)) \(trust) \(artifactWords) \
            --release \(seal.release.name)@\(seal.release.version)
            """)
        if let hint { context.console.note("hint: \(hint)") }
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
    private func trustWords(
        _ key: PublicKey, _ signer: LocalSigner, _ policy: [UInt8]?
    ) throws -> (words: String, hint: String?) {
        if let policy { return ("--trust \(shellQuoted(policy))", nil) }
        guard signer.certificates.isEmpty else {
            return (
                "--trust POLICY",
                "put the certificate's anchor into a policy, with `closeout trust init POLICY ANCHOR "
                    + "--subject NAME`, and the log key with `closeout trust add`"
            )
        }
        guard try logKey.place == nil else {
            return (
                "--trust POLICY",
                "put the signing key and the log key into a policy, with `closeout trust init` and "
                    + "`closeout trust add`"
            )
        }
        let isImplied = key.type != .rsa || signer.algorithm == .rsaPSSSHA256
        let algorithm = isImplied ? "" : " --algorithm \(signer.algorithm.rawValue)"
        if let file = publicKeyFile(of: key) { return ("--key \(file)\(algorithm)", nil) }
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
