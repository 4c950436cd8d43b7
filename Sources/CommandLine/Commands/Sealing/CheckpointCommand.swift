import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutVerification

/// Commits the log as it is (docs/command-line.md, "checkpoint").
struct CheckpointCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Sign the log's size and root.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(help: ArgumentHelp("The log key: Ed25519 or ECDSA P-256.", valueName: "key"))
    var key: SecretSource

    @OptionGroup var secrets: PassphraseOptions
    @OptionGroup var trust: PolicyOptions

    func execute(_ context: Context) async throws {
        let key = try secrets.load(self.key)
        try demandLogKey(key.publicKey, from: "--key")
        let policy = try trust.load().policy
        var appending = try await BundleAppending(opening: bundle, waiting: context.lockWait)
        let note = try renewedCheckpoint(of: &appending, with: key, under: policy, context)
        let size = appending.size
        try appending.commit(checkpoint: note)
        try context.console.result("\(printable(Path.join(bundle, BundleLayout.checkpoint)))\n")
        context.console.note("the log is committed at size \(size)")
    }
}
