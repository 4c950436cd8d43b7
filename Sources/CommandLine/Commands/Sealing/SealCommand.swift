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
        let key = try keys.signer
        let own = key.key.publicKey
        let signer = try signing.signer(for: own)
        if keys.log == nil { try demandLogKey(own) }
        let trusted = try trust.load()
        let policy = trusted.policy

        var draft = try await freezing.draft(at: target, context)
        let seal = draft.sealBytes
        if try await freezing.isThere(draft, at: target, context) {
            try await continueSealing(target, draft, with: keys, signer, policy, context)
        } else {
            let signature = try signer.sign(seal, with: key.key.privateKey)
            _ = try draft.add(signature)
            let checkpoint = try draft.checkpoint()
            let note = try signedCheckpoint(checkpoint, with: (keys.log ?? key).key.privateKey)
            try draft.publish(at: target, checkpoint: note.encoded)
        }
        try context.console.result("\(printable(target.path))\n")
        try await summarise(
            target, own, signer, trusted.path, context)
        var receipt = Receipt()
        KeyOutlook(
            key: own, certificate: signer.certificates.first,
            keyFile: publicKeyFile(of: own), bundle: target.path,
            release: freezing.release.name
        ).warn(policy, &receipt)
        try context.console.receipt(receipt)
    }

    /// Adds to a bundle that is there already what it lacks: this key's signature, a checkpoint.
    private func continueSealing(
        _ target: BundleTarget, _ draft: borrowing BundleDraft, with keys: GivenKeys,
        _ signer: LocalSigner, _ policy: TrustPolicy?, _ context: Context
    ) async throws {
        context.console.note("\(printable(target.path)) holds this release already")
        let key = try keys.signer
        let isSigned = try await signer.hasSigned(
            bundle: target.path, with: key.key.publicKey, context)
        var appending = try await BundleAppending(opening: target.path, waiting: context.lockWait)
        try draft.confirmHead(of: appending, at: target)
        if !isSigned {
            _ = try appending.add(
                try signer.sign(appending.seal, with: key.key.privateKey), at: context.now)
        }
        let isCommitted = try appending.isCommitted
        guard !isSigned || !isCommitted else { return }
        let note = try renewedCheckpoint(
            of: &appending, with: (keys.log ?? key).key.privateKey, under: policy, context)
        try appending.commit(checkpoint: note)
    }
}
