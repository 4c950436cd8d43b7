import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
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
    @OptionGroup var samples: SampleKeyOptions

    @Option(
        help: ArgumentHelp(
            "Warn if this policy does not accept the key, or not for long; default "
                + "CLOSEOUT_TRUST.",
            valueName: "policy"),
        completion: .file(), transform: pathArgument)
    var trust: [UInt8]?

    func execute(_ context: Context) async throws {
        let target = try freezing.target
        let key = try logKey.load(self.key)
        let signer = try signing.signer(for: key.publicKey)
        if try logKey.place == nil { try demandLogKey(key.publicKey) }
        let policyPath = trust ?? trustFromEnvironment()
        let policy = try policyPath.map(samples.policy(at:))

        var draft = try await freezing.draft(at: target, context)
        let seal = draft.sealBytes
        if try freezing.isThere(draft, at: target) {
            try continueSealing(target, draft, with: key, signer, policy, context)
        } else {
            let signature = try signer.sign(seal, with: key)
            _ = try draft.add(signature)
            let checkpoint = try draft.checkpoint()
            let note: SignedNote
            if let place = try logKey.place {
                note = try signedCheckpoint(checkpoint, with: try logKey.load(place))
            } else {
                note = try signedCheckpoint(checkpoint, with: key)
            }
            try draft.publish(at: target, checkpoint: note.encoded)
        }
        try context.console.result("\(printable(target.path))\n")
        try summarise(
            target, key.publicKey, signer, policy == nil ? nil : policyPath, context)
        var receipt = Receipt()
        KeyOutlook(
            key: key.publicKey, certificate: signer.certificates.first,
            keyFile: publicKeyFile(of: key.publicKey), bundle: target.path,
            release: freezing.release.name
        ).warn(policy, &receipt)
        try context.console.report(receipt)
    }

    /// Adds to a bundle that is there already what it lacks: this key's signature, a checkpoint.
    private func continueSealing(
        _ target: BundleTarget, _ draft: borrowing BundleDraft, with key: borrowing PrivateKey,
        _ signer: LocalSigner, _ policy: TrustPolicy?, _ context: Context
    ) throws {
        context.console.note("\(printable(target.path)) holds this release already")
        let isSigned = try signer.hasSigned(
            bundle: target.path, with: key.publicKey, at: context.now)
        var appending = try BundleAppending(opening: target.path)
        try draft.confirmHead(of: appending, at: target)
        if !isSigned {
            _ = try appending.add(
                try signer.sign(appending.seal, with: key), at: context.now)
        }
        let isCommitted = try appending.isCommitted
        guard !isSigned || !isCommitted else { return }
        let note: [UInt8]
        if let place = try logKey.place {
            note = try renewedCheckpoint(
                of: &appending, with: try logKey.load(place), under: policy, context)
        } else {
            note = try renewedCheckpoint(of: &appending, with: key, under: policy, context)
        }
        try appending.commit(checkpoint: note)
    }
}
