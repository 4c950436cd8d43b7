import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
package import CloseoutSignatures
import CloseoutVerification

/// Who signs the seal of a new bundle.
package enum SealSigner: Sendable {
    /// A key of this process.
    case key(FormatSigner)
    /// A signer elsewhere, and by whom its signature must count. It is run before anything is at the
    /// target.
    case outside(any Signer, TrustPolicy)
}

/// Freezes a release, signs its seal and commits its log: one new bundle, whole or not at all.
///
/// A bundle of the same release and files that is there already gets what it lacks: this signer's
/// signature, a checkpoint. Cancelling the task removes what was begun.
///
/// - Parameters:
///   - request: What is sealed.
///   - signer: Who signs the seal.
///   - options: When, with which log key, and under which policy a bundle that is there goes on.
/// - Returns: What the bundle says.
/// - Throws: `WorkflowError` where the files cannot be recorded, the seal is not signed, or something else
///   is at the target; nothing is there then that was not before.
package func sealRelease(
    _ request: SealRequest, by signer: SealSigner, _ options: AppendOptions
) async throws(WorkflowError) -> SealedRelease {
    do {
        guard let logSigner = options.logSigner else {
            throw WorkflowError.refused(.usage, "no log key was given to sign with")
        }
        try demandLogKey(logSigner.publicKey)
        var draft = try await BundleDraft(freezing: request)
        var receipt = Receipt()
        receipt.warn(of: draft.frozen.collisions)
        if var session = try await presentBundle(at: request.target, holding: draft, for: request) {
            receipt.note("\(printable(request.target.path)) holds this release already")
            try await session.completeSealing(by: signer, options, &receipt)
            receipt.stored = [request.target.path]
            return SealedRelease(
                seal: session.seal, id: session.sealDigest, logSize: session.log.size,
                wasThere: true, receipt: receipt)
        }
        _ = try draft.add(
            try await signer.signature(
                over: draft.sealBytes, release: request.release.name, at: options.now))
        let note = try await signedCheckpoint(try draft.checkpoint(), by: logSigner)
        receipt.stored = [request.target.path]
        let sealed = SealedRelease(
            seal: draft.seal, id: draft.sealDigest, logSize: draft.size, wasThere: false,
            receipt: receipt)
        try draft.publish(at: request.target, checkpoint: note.encoded)
        return sealed
    } catch {
        throw WorkflowError(error)
    }
}

extension SealSigner {
    /// A signature over a seal, as a file for the bundle.
    fileprivate func signature(
        over seal: [UInt8], release: String, at now: Instant
    ) async throws -> NewFile {
        switch self {
        case .key(let signer): return try signer.sealSignature(seal)
        case .outside(let signer, let policy):
            let made = try await signer.sign(.seal(seal))
            guard case .signature(let format) = made.content else {
                throw WorkflowError.refused(
                    .failed, "\(printable(made.path)) is no signature",
                    hint: "nothing was stored")
            }
            let verifier = SignatureVerifier(policy: policy, asOf: now, release: release)
            let results = try verifier.verify(made.bytes, as: format, over: .seal(seal))
            guard results.contains(where: { $0.effect == .counts }) else {
                throw WorkflowError.refused(
                    .failed,
                    "\(printable(made.path)) does not count: "
                        + (results.first?.outcome.reason ?? "it holds no signature"),
                    hint: "the policy must know the signer's key; nothing was stored")
            }
            return NewFile(kind: .signature, mediaType: .signature(format), bytes: made.bytes)
        }
    }

    /// A policy that takes what this signer signs, and nothing else.
    private func ownPolicy() throws -> TrustPolicy {
        switch self {
        case .outside(_, let policy): return policy
        case .key(let signer):
            let context = PolicyContext(acceptingSampleKeys: true)
            guard let own = signer.certificates.first else {
                return try TrustPolicy.single(
                    signer.key.publicKey.pem, algorithm: signer.algorithm, in: context)
            }
            var entry = try KeyEntry(id: "key", operator: "key", inlining: own.pem)
            entry.add([
                JSONMember("leaf_spki", JSON(signer.key.publicKey.fingerprint.hex)),
                JSONMember("purposes", .array(["any"])), JSONMember("revocation", "none"),
            ])
            return try TrustPolicy.starting(
                with: [entry], roles: [RoleEntry(.release)], in: context)
        }
    }

    /// Whether a bundle has a signature of this signer over its seal already.
    fileprivate func hasSigned(
        _ seal: [UInt8], in contents: BundleContents, at now: Instant
    ) throws -> Bool {
        let verifier = SignatureVerifier(policy: try ownPolicy(), asOf: now, release: nil)
        return try verifySealSignatures(in: contents, seal: seal, by: verifier)
            .flatMap(\.results).contains { $0.effect == .counts }
    }
}

extension BundleSession {
    /// Adds what a bundle lacks: the signer's signature, a checkpoint.
    fileprivate mutating func completeSealing(
        by signer: SealSigner, _ options: AppendOptions, _ receipt: inout Receipt
    ) async throws {
        do {
            let isSigned = try signer.hasSigned(sealBytes, in: try contents(), at: options.now)
            if !isSigned {
                let signature = try await signer.signature(
                    over: sealBytes, release: seal.release.name, at: options.now)
                _ = try appending.add(signature, at: options.now)
            }
            guard try !isSigned || !appending.isCommitted else { return }
            try await commit(options, &receipt)
        } catch {
            throw takeBack(because: error)
        }
    }
}
