import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

/// The options of attaching, which `sign --with` shares.
struct AttachOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("What the signer calls its key; kept as it is.", valueName: "reference"),
        transform: keyReferenceArgument)
    var keyReference: String?

    @Option(help: ArgumentHelp("Who attaches it; kept as it is.", valueName: "name"))
    var by: String?

    /// Verifies everything against the bundle, and stores all of it or nothing.
    func attach(
        _ attachments: [Attachment], to bundle: [UInt8], trusting policy: TrustPolicy,
        besides given: UntrustedCertificates = UntrustedCertificates(), log: LogKeyOptions,
        with key: LoadedKey?, _ context: Context
    ) async throws {
        let contents = try await BundleReader(opening: bundle, waiting: context.lockWait)
            .contents()
        var appending = try await BundleAppending(opening: bundle, waiting: context.lockWait)
        let seal = try Seal(parsing: appending.seal)
        let verifier = SignatureVerifier(
            policy: policy, asOf: context.now, release: seal.release.name,
            material: material(of: contents, adding: attachments, to: given),
            created: seal.created)
        let attaching = Attaching(
            bundle: bundle, contents: contents, seal: seal, verifier: verifier, options: self,
            context: context)
        let places = try attaching.add(attachments, to: &appending)
        try log.commit(appending, bundle: bundle, under: policy, with: key, context)
        let result = try await BundleReader(opening: bundle, waiting: context.lockWait)
            .contents()
        for place in places {
            try context.console.result("\(printable(place.path(in: result, at: bundle)))\n")
        }
        try await reportRoles(of: result, verifier, context)
    }

    /// The certificates and lists that are given, those of the bundle, and those that are attached.
    private func material(
        of contents: BundleContents, adding attachments: [Attachment],
        to given: UntrustedCertificates
    ) -> UntrustedCertificates {
        var all = given
        for file in contents.files(.certificate) {
            guard let bytes = file.trueBytes else { continue }
            // What cannot be read is of no use here; `verify` fails it.
            try? all.add(bytes)
        }
        for attachment in attachments {
            if case .material(let material) = attachment.content { all.add(material) }
        }
        return all
    }

    /// Says for which roles the seal has signatures now, and what is missing.
    private func reportRoles(
        of contents: BundleContents, _ verifier: SignatureVerifier, _ context: Context
    ) async throws {
        let results = try await Verifier(
            request: VerificationRequest(trust: Trust(), asOf: context.now)
        ).verifySignatures(in: contents, by: verifier).flatMap(\.results)
        for role in [Role.release, .archive] {
            guard let tally = verifier.tally(role, results) else { continue }
            let count = results.filter { $0.effect == .counts && $0.roles.contains(role) }.count
            context.console.note(
                "\(role.rawValue): \(counted(count, "signature")) by "
                    + "\(counted(tally.operators.count, "operator")); "
                    + "needs \(tally.threshold)")
        }
    }
}
