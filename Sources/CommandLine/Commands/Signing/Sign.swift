import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

/// Signs the seal with a key at hand or a program (docs/command-line.md, "sign").
struct Sign: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign the seal, with a key or with a program that signs.")

    /// What stands before a command of the shell in place of a tool's name.
    private static let program = "exec:"

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(help: ArgumentHelp("The private key to sign with.", valueName: "key"))
    var key: SecretSource?

    @Option(
        help: ArgumentHelp(
            "A signer elsewhere, as of `request`, or exec:COMMAND, which is given the seal on "
                + "standard input and answers with the signature, in the format --type where the "
                + "content does not tell.", valueName: "tool"))
    var with: String?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var attaching: AttachOptions
    @OptionGroup var trust: PolicyOptions

    @Option(
        help: ArgumentHelp(
            "A public key to trust for its signatures: a file, or the key as text.",
            valueName: "key"))
    var trustKey: String?

    func validate() throws {
        guard (key == nil) != (with == nil) else {
            throw ValidationError("give --key KEY, or --with TOOL")
        }
        guard signing.type == nil || key != nil || with?.hasPrefix(Self.program) == true else {
            throw ValidationError(
                "--type is for --key and exec:COMMAND; a tool leaves the format that it has")
        }
    }

    func execute(_ context: Context) async throws {
        if let key {
            try await signHere(with: key, context)
        } else if let with {
            try await sign(with: with, context)
        }
    }

    private func signHere(with source: SecretSource, _ context: Context) async throws {
        let policy = try trust.load().policy
        let keys = try logKey.loadKeys(source)
        let key = try keys.signer
        let own = key.key.publicKey
        let signer = try signing.signer(for: own)
        var appending = try await BundleAppending(opening: bundle, waiting: context.lockWait)
        let release = try Seal(parsing: appending.seal).release.name
        let stored = try appending.add(try signer.sign(appending.seal, with: key.key), at: context.now)
        try logKey.commit(appending, bundle: bundle, under: policy, with: keys.log, context)
        try context.console.result("\(printable(stored.path))\n")
        context.console.note(Keygen.fingerprints(of: own))
        KeyEndWarning(
            key: own, certificate: signer.certificates.first, keyFile: nil,
            bundle: bundle, release: release
        ).tell(policy, context)
    }

    private func sign(with tool: String, _ context: Context) async throws {
        let policy = try demanded(
            (trustKey.map { try trust.trust(inKey: $0, algorithm: signing.algorithm) }
                ?? trust.load()).policy,
            hint: "give --trust POLICY or --trust-key PUB, or set CLOSEOUT_TRUST")
        let logKey = try self.logKey.loadLogKey()
        let contents = try await BundleReader(opening: bundle, waiting: context.lockWait)
            .contents()
        guard let seal = contents.seal else {
            throw CommandFailure(
                .malformed, "\(printable(bundle)) has no seal that could be signed",
                hint: "run `closeout verify` to see what is wrong")
        }
        let attachment: Attachment
        if tool.hasPrefix(Self.program) {
            let signer = ExternalSigner(command: String(tool.dropFirst(Self.program.count)))
            let signature = try await signer.sign(seal)
            let path = Array("the output of \(tool)".utf8)
            attachment = Attachment(
                path: path, bytes: signature,
                format: try signatureFormat(named: signing.type, of: signature, at: path))
        } else {
            let signer = try ToolSigner(
                tool, keyReference: attaching.keyReference, algorithm: signing.algorithm,
                certificate: signing.certificate)
            attachment = try await signer.sign(seal)
        }
        try await attaching.attach(
            [attachment], to: bundle, trusting: policy, log: self.logKey, with: logKey, context)
    }
}
