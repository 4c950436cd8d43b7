import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
package import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

extension BundleSession {
    /// Verifies what was made elsewhere and stores all of it or nothing (docs/command-line.md,
    /// "attach").
    ///
    /// - Parameters:
    ///   - attachments: Signatures, time-stamps, cosignatures, certificates, revocation lists.
    ///   - keyReference: What the signer calls its key; stored as given, not checked.
    ///   - given: Certificates and lists that were brought along and are not stored.
    ///   - options: With the policy by which everything is verified.
    /// - Returns: Where each lies, and for which roles the seal has signatures now.
    /// - Throws: `WorkflowError` where anything does not verify; nothing is stored then.
    package mutating func attach(
        _ attachments: [Attachment], keyReference: String? = nil,
        besides given: UntrustedCertificates = UntrustedCertificates(), _ options: AppendOptions
    ) async throws(WorkflowError) -> Receipt {
        var receipt = Receipt()
        do {
            let contents = try appending.contents()
            let verifier = try verifier(
                options, material: given.adding(contents, and: attachments))
            let step = AttachStep(
                contents: contents, release: seal.release, verifier: verifier,
                keyReference: keyReference, options: options)
            let places = try step.add(attachments, to: &appending, &receipt)
            try await commit(options, &receipt)
            let result = try appending.contents()
            receipt.stored = places.map { $0.path(in: result, at: path) }
            try note(rolesOf: result, verifier, &receipt)
            return receipt
        } catch {
            throw takeBack(because: error)
        }
    }

    /// Says for which roles the seal has signatures now, and what is missing.
    private func note(
        rolesOf contents: BundleContents, _ verifier: SignatureVerifier, _ receipt: inout Receipt
    ) throws {
        let results = try Verifier(
            request: VerificationRequest(trust: Trust(), asOf: verifier.asOf)
        ).verifySignatures(in: contents, by: verifier).flatMap(\.results)
        for role in [Role.release, .archive] {
            guard let tally = verifier.tally(role, results) else { continue }
            let count = results.filter { $0.effect == .counts && $0.roles.contains(role) }.count
            receipt.note(
                "\(role.rawValue): \(counted(count, "signature")) by "
                    + "\(counted(tally.operators.count, "operator")); "
                    + "needs \(tally.threshold)")
        }
    }
}

/// Where something that was attached lies once it has been committed.
enum StoredPlace {
    /// At a path of the bundle.
    case logged([UInt8])
    /// In the checkpoint itself.
    case checkpoint
    /// Beside the checkpoint, or in the log where the checkpoint has a time-stamp or a
    /// successor.
    case checkpointToken(SHA256Digest)

    /// Its path, in the bundle as it is then.
    func path(in contents: BundleContents, at bundle: [UInt8]) -> [UInt8] {
        switch self {
        case .logged(let path): path
        case .checkpoint: Path.join(bundle, BundleLayout.checkpoint)
        case .checkpointToken(let digest):
            contents.files(.timestamp).first { $0.entry.digest == digest }?.entry.path
                ?? Path.join(bundle, BundleLayout.checkpointToken)
        }
    }
}

extension UntrustedCertificates {
    /// With those of the bundle and those that are attached.
    fileprivate func adding(
        _ contents: BundleContents, and attachments: [Attachment]
    ) -> UntrustedCertificates {
        var all = self
        for file in contents.files(.certificate) {
            guard let bytes = file.trueBytes else { continue }
            // What cannot be read is of no use here; `verify` fails it.
            try? all.add(bytes)
        }
        for attachment in attachments {
            if case .certificates(let certificates) = attachment.content { all.add(certificates) }
        }
        return all
    }
}
