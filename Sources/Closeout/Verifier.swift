internal import CloseoutBundles
internal import CloseoutEncodings
internal import CloseoutFiles
internal import CloseoutSignatures
internal import CloseoutVerification
internal import CloseoutWorkflows

/// Verifies bundles, proofs and signatures by one policy at one time, offline.
///
/// Nothing is written. A check that fails is a ``Finding``; an error is thrown only where something could
/// not be looked at. Cancelling the task ends a verification with ``VerificationError/cancelled``.
public struct Verifier: Sendable {
    /// Whom to trust; without a policy nothing is ever verified.
    public var policy: TrustPolicy?
    /// The verification time.
    public var time: Instant
    /// The release that it must be; nil for any.
    public var release: Release?
    /// Where the shipped files are.
    public var artifacts: Artifacts = .notGiven
    /// An earlier checkpoint, which the log must still continue.
    public var previous: Checkpoint?
    /// Whether file modes are left out, for media that lose them.
    public var ignoresModes = false
    /// What is demanded of the release beside its integrity; nil for what the policy pins.
    public var criteria: Criteria?
    /// Whether a recorded decision is demanded that recomputes and says that the release is ready.
    public var requiresDecision = false
    /// Earlier policies of the auditor, for decisions that were made under them.
    public var earlierPolicies: [TrustPolicy] = []

    /// Sets up a verifier.
    ///
    /// - Parameters:
    ///   - policy: Whom to trust; without a policy nothing is ever verified.
    ///   - time: The verification time, which is now where somebody decides today.
    public init(policy: TrustPolicy?, at time: Instant) {
        self.policy = policy
        self.time = time
    }

    /// Verifies a bundle.
    ///
    /// Everything is recomputed: the shipped files, the manifest, the seal, the log, the signatures, the
    /// records and every recorded decision.
    ///
    /// - Parameter bundle: The bundle.
    /// - Returns: What was found.
    /// - Throws: ``VerificationError``.
    @concurrent public func verify(_ bundle: Bundle) async throws(VerificationError) -> Report {
        try await undisturbed {
            let (request, path) = (request, bundle.path.pathBytes)
            let reader = try await BundleReader(opening: path, waiting: request.lockWait)
            switch bundle {
            case .folder where reader.isPacked:
                throw VerificationError.notABundle(
                    path: printable(path), reason: "it is a packed bundle")
            case .packed where !reader.isPacked:
                throw VerificationError.notABundle(
                    path: printable(path), reason: "it is not packed")
            default: break
            }
            let verified = try await verifyBundle(reader, request, recheck)
            return Report(verified.report)
        }
    }

    /// Verifies one file by its proof, without the bundle.
    ///
    /// - Parameters:
    ///   - proof: The proof.
    ///   - file: The path of the file on this machine.
    /// - Returns: What was found.
    /// - Throws: ``VerificationError``.
    @concurrent public func verify(
        _ proof: InclusionProof, of file: String
    ) async throws(VerificationError) -> Report {
        try await undisturbed {
            var request = request
            request.artifacts = .notGiven
            request.chosenFiles = [.init(file: file.pathBytes, path: nil)]
            return Report(
                try await CloseoutVerification.Verifier(request: request).verify(proof.inner))
        }
    }

    /// Verifies the signatures of a file over bytes.
    ///
    /// - Parameters:
    ///   - signature: The signature file.
    ///   - format: Its format; nil where its content shows it.
    ///   - content: What was signed.
    ///   - name: The name of the signed file, for formats that sign lists of digests.
    /// - Returns: What was found.
    /// - Throws: ``VerificationError``.
    public func verify(
        _ signature: [UInt8], as format: SignatureFormat? = nil, over content: [UInt8],
        named name: String? = nil
    ) throws(VerificationError) -> SignatureReport {
        var source = HeldBytes(content)
        return try report(on: signature, as: format, over: &source, named: name)
    }

    /// Verifies the signatures of a file over bytes that a source gives piece by piece, once.
    ///
    /// - Parameters:
    ///   - signature: The signature file.
    ///   - format: Its format; nil where its content shows it.
    ///   - source: What was signed. Of a signature over the bytes themselves, such as a bare one by
    ///     Ed25519, it may give 256 MiB; of all others any number.
    ///   - name: The name of the signed file, for formats that sign lists of digests.
    /// - Returns: What was found.
    /// - Throws: ``VerificationError``; ``VerificationError/source(_:)`` for what the source throws.
    public func verify(
        _ signature: [UInt8], as format: SignatureFormat? = nil, over source: any ByteSource,
        named name: String? = nil
    ) throws(VerificationError) -> SignatureReport {
        var source = PiecewiseBytes(source)
        return try report(on: signature, as: format, over: &source, named: name)
    }

    /// Verifies the signatures of a file over another file.
    ///
    /// - Parameters:
    ///   - signature: The signature file's bytes.
    ///   - format: Its format; nil where its content shows it.
    ///   - path: The path of the file that was signed. Of a signature over the bytes themselves it may have
    ///     256 MiB; of all others any size.
    /// - Returns: What was found.
    /// - Throws: ``VerificationError``.
    public func verify(
        _ signature: [UInt8], as format: SignatureFormat? = nil, overFileAt path: String
    ) throws(VerificationError) -> SignatureReport {
        var source = try FileBytes(opening: path)
        return try report(on: signature, as: format, over: &source, named: path)
    }
}

extension Verifier {
    /// What the inner verifier is asked.
    var request: VerificationRequest {
        var trust = Trust()
        trust.policy = policy?.inner
        trust.isFile = policy?.isFile ?? false
        var request = VerificationRequest(trust: trust, asOf: time.inner)
        request.isAsOfGiven = true
        request.release = release?.inner
        request.previous = previous?.inner
        request.ignoresModes = ignoresModes
        switch artifacts {
        case .notGiven: request.artifacts = .notGiven
        case .none: request.artifacts = .none
        case .directory(let path): request.artifacts = .directory(path.pathBytes)
        case .files(let files):
            request.chosenFiles = files.sorted { $0.key < $1.key }.map {
                .init(file: $0.value.pathBytes, path: $0.key.pathBytes)
            }
        }
        return request
    }

    /// What the recheck of recorded decisions is given.
    private var recheck: RecheckRequest {
        var recheck = RecheckRequest()
        recheck.criteria = criteria?.inner
        recheck.trustedThen = earlierPolicies.map(\.inner)
        recheck.requiresDecision = requiresDecision || policy?.inner.requiresDecision ?? false
        return recheck
    }

    /// Runs a verification, and gives its result only where nothing disturbed it.
    private func undisturbed(
        _ body: () async throws -> Report
    ) async throws(VerificationError) -> Report {
        let disturbance = Undisturbed()
        do {
            let report = try await body()
            try disturbance.confirm()
            return report
        } catch {
            throw VerificationError(error)
        }
    }

    private func report(
        on signature: [UInt8], as format: SignatureFormat?,
        over source: inout some CloseoutSignatures.ByteSource, named name: String?
    ) throws(VerificationError) -> SignatureReport {
        let disturbance = Undisturbed()
        let format =
            if let format { format } else { try SignatureFormat(recognising: signature) }
        let verifier = SignatureVerifier(policy: policy?.inner, asOf: time.inner, release: nil)
        let results: [CloseoutSignatures.SignatureResult]
        do {
            results = try verifier.verify(
                signature, as: format.inner, over: &source, named: name?.pathBytes)
        } catch {
            throw VerificationError(error)
        }
        try disturbance.confirm()
        let verdict = CloseoutVerification.Verdict(
            on: results, under: policy?.inner, asOf: time.inner)
        return SignatureReport(
            verdict: Verdict(verdict), signatures: results.map { SignatureResult($0) })
    }
}
