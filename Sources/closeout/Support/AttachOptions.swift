import ArgumentParser
import Bundles
import Encodings
import Manifests
import OpenSSL
import Signatures
import Verification

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
        besides given: CertificateMaterial = CertificateMaterial(), log: LogKeyOptions,
        _ context: Context
    ) async throws {
        let contents = try BundleReader(opening: bundle).contents()
        var appending = try BundleAppending(opening: bundle)
        let seal = try Seal(parsing: appending.seal)
        let judge = Judge(
            policy: policy, asOf: context.now, release: seal.release.name,
            material: material(of: contents, adding: attachments, to: given),
            created: seal.created)
        let attaching = Attaching(
            bundle: bundle, contents: contents, seal: seal, judge: judge, options: self,
            context: context)
        let places = try attaching.add(attachments, to: &appending)
        try log.commit(appending, bundle: bundle, under: policy, context)
        let result = try BundleReader(opening: bundle).contents()
        for place in places {
            try context.console.result("\(printable(place.path(in: result, at: bundle)))\n")
        }
        try await tellRoles(of: result, judge, context)
    }

    /// The certificates and lists that are given, those of the bundle, and those that are attached.
    private func material(
        of contents: BundleContents, adding attachments: [Attachment],
        to given: CertificateMaterial
    ) -> CertificateMaterial {
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
    private func tellRoles(
        of contents: BundleContents, _ judge: Judge, _ context: Context
    ) async throws {
        let judgements = try await Verifier(
            request: VerificationRequest(trust: Trust(), asOf: context.now)
        ).judgeSignatures(in: contents, by: judge).flatMap(\.judgements)
        for role in [Role.release, .archive] {
            guard let tally = judge.tally(role, judgements) else { continue }
            let count = judgements.filter { $0.effect == .counts && $0.roles.contains(role) }.count
            context.console.note(
                "\(role.rawValue): \(counted(count, "signature")) by "
                    + "\(counted(tally.operators.count, "operator")); "
                    + "needs \(tally.threshold)")
        }
    }
}
