import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Freezes, signs and commits in one step (docs/command-line.md, "seal").
struct SealCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal", abstract: "Seal a release: hash the files, sign the seal and the log.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var freezing: FreezeOptions

    @Option(help: ArgumentHelp("The private key to sign with.", valueName: "key"))
    var key: SecretSource

    @OptionGroup var signing: SigningOptions
    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var trust: PolicyOptions

    func execute(_ context: Context) async throws {
        let target = try freezing.target
        let keys = try logKey.loadKeys(self.key)
        let signer = try signing.signer(with: keys.signer)
        if keys.log == nil { try demandLogKey(signer.key.publicKey) }
        let trusted = try trust.load()
        let options = AppendOptions(
            now: context.now, policy: trusted.policy, logSigner: keys.log ?? signer.key)
        let sealed = try await freezing.run(at: target, context) {
            request throws(WorkflowError) in
            try await sealRelease(request, by: .key(signer), options)
        }
        try context.console.receipt(sealed.receipt)
        let keyFile = publicKeyFile(of: signer.key.publicKey)
        summarise(
            sealed, at: target, by: signer,
            verifyingWith: trustWords(signer, keyFile, trusted, hasLogKey: keys.log != nil), context)
        var outlook = Receipt()
        KeyOutlook(
            key: signer.key.publicKey, certificate: signer.certificates.first, keyFile: keyFile,
            bundle: target.path, release: freezing.release.name
        ).warn(trusted.policy, &outlook)
        try context.console.receipt(outlook)
    }
}
