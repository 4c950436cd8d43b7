import ArgumentParser
import CloseoutOpenSSL
import CloseoutVerification
import CloseoutWorkflows

/// Commits the log as it is (docs/command-line.md, "checkpoint").
struct CheckpointCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Sign the log's checkpoint.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(help: ArgumentHelp("The log key: Ed25519 or ECDSA P-256.", valueName: "key"))
    var key: SecretSource

    @OptionGroup var secrets: PassphraseOptions
    @OptionGroup var trust: PolicyOptions

    func execute(_ context: Context) async throws {
        let key = LocalKey(try secrets.load(self.key))
        try demandLogKey(key.publicKey, from: "--key")
        let options = AppendOptions(
            now: context.now, policy: try trust.load().policy, logSigner: key)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(try await session.checkpoint(options))
    }
}
