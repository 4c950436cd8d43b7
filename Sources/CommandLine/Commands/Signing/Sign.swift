import ArgumentParser
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Signs the seal with a key at hand or a program (docs/command-line.md, "sign").
struct Sign: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign the seal, with a key or with a program that signs.")

    /// What stands before a command of the shell in place of a tool's name.
    private static let program = "exec:"

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(help: ArgumentHelp("The private key to sign with.", valueName: "key"))
    var key: SecretSource?

    @Option(
        help: ArgumentHelp(
            "A signer of `request`, or exec:COMMAND, which reads the seal on standard "
                + "input and prints the signature; --type names its format if it cannot be "
                + "recognised.", valueName: "tool"),
        completion: .signers)
    var with: String?

    @OptionGroup var signing: SigningOptions
    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var attaching: AttachOptions
    @OptionGroup var trust: PolicyOptions

    @Option(
        help: ArgumentHelp(
            "The signer's public key, instead of a policy: a file, or the key as text.",
            valueName: "key"),
        completion: .file())
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
        let signer = try signing.signer(with: try keys.signer)
        let options = AppendOptions(
            now: context.now, policy: policy, logSigner: keys.log)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(try await session.sign(with: signer, options))
    }

    private func sign(with tool: String, _ context: Context) async throws {
        let policy = try demanded(
            (trustKey.map { try trust.trust(inKey: $0, algorithm: signing.algorithm) }
                ?? trust.load()).policy,
            hint: "give --trust POLICY or --trust-key PUB, or set CLOSEOUT_TRUST")
        let options = AppendOptions(
            now: context.now, policy: policy, logSigner: try logKey.loadLogKey(), by: attaching.by)
        // The program may take long: it runs before the bundle is locked.
        let signature = try await signer(of: tool).sign(
            .seal(try await sealBytes(ofBundle: bundle, waiting: context.lockWait)))
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.attach([signature], keyReference: attaching.keyReference, options))
    }

    private func signer(of tool: String) throws -> any Signer {
        guard tool.hasPrefix(Self.program) else {
            return try ToolSigner(
                tool, keyReference: attaching.keyReference, algorithm: signing.algorithm,
                certificate: signing.certificate)
        }
        return ExternalSigner(
            command: String(tool.dropFirst(Self.program.count)), format: signing.type)
    }
}
