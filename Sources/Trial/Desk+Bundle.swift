import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// What a trial does with a bundle: one workflow each.
extension Desk {
    /// Seals the shipped files.
    func seal(_ release: Release, as bundle: String) async throws {
        let request = SealRequest(
            of: .directory(path("app")), as: release, created: now,
            at: try BundleTarget(path(bundle)))
        let signer = FormatSigner(key: try signer("keys/release"), format: .dsse)
        _ = try await sealRelease(request, by: .key(signer), options())
    }

    /// Decides on the release and records that.
    ///
    /// - Returns: The exit code of `close`, and the digest of the decision where one was recorded.
    func close() async throws -> (exit: Int32, decision: String?) {
        let files = try ["classes.json", "observations.json"].map {
            GivenDocument(bytes: try read($0), path: path($0))
        }
        let terms = CloseTerms(
            try options(), signer: EnvelopeSigner(try signer("keys/board")), files: files)
        let (request, recheck) = try requests(Question())
        var session = try await BundleSession(opening: path(TrialNames.bundle))
        let checked = try await session.verify(request, recheck)
        if let refusal = checked.refusal { return (refusal.verdict.exit, nil) }
        let closed = try await session.close(checked, terms)
        return (
            closed.decision.outcome.exit, Self.digest(in: closed.receipt.stored.last ?? [])
        )
    }

    /// Signs the seal of a bundle.
    ///
    /// - Returns: The digest of the signature.
    func sign(_ bundle: String, with key: String) async throws -> String {
        let signer = FormatSigner(key: try signer(key), format: .dsse)
        return try await append(to: bundle) {
            session, options async throws(WorkflowError) in
            try await session.sign(with: signer, options)
        }
    }

    /// Attaches a file of the folder that an outside signer made.
    ///
    /// - Returns: Whether it verified and was stored.
    func attach(_ file: String) async throws -> Bool {
        let attachment = try Attachment(reading: path(file))
        do {
            _ = try await append(to: TrialNames.bundle) {
                session, options async throws(WorkflowError) in
                try await session.attach([attachment], options)
            }
            return true
        } catch WorkflowError.refused(let refusal) where refusal.kind == .failed {
            return false
        }
    }

    /// Renews the checkpoint.
    func checkpoint() async throws {
        _ = try await append(to: TrialNames.bundle) {
            session, options async throws(WorkflowError) in try await session.checkpoint(options)
        }
    }

    /// Stores a file of the folder.
    ///
    /// - Returns: Its digest.
    func add(_ file: String) async throws -> String {
        let path = path(file)
        return try await append(to: TrialNames.bundle) {
            session, options async throws(WorkflowError) in try await session.add([path], options)
        }
    }

    /// What the workflow of a record has stored.
    struct Recorded {
        /// The digest of the last file: of the record, or of a signature that was added to one.
        let digest: String
        /// The digest of the signature over a new record, where it was signed.
        let signature: String?
    }

    /// Writes or signs a record.
    ///
    /// - Parameters:
    ///   - bundle: The bundle that it belongs to.
    ///   - key: The key that signs it; without one it is asserted.
    ///   - name: Who makes it.
    ///   - anyway: Whether it is stored also where it can never count under the policy.
    ///   - work: The workflow.
    /// - Returns: What was stored.
    /// - Throws: `WorkflowError` where nothing was.
    @discardableResult
    func record(
        in bundle: String = TrialNames.bundle, key: String? = nil, by name: String? = nil,
        anyway: Bool = false,
        _ work: (inout BundleSession, RecordTerms) async throws(WorkflowError) -> Receipt
    ) async throws -> Recorded {
        let terms = RecordTerms(
            try options(by: name), signer: try key.map { EnvelopeSigner(try signer($0)) },
            storesWhatCannotCount: anyway)
        var session = try await BundleSession(opening: path(bundle))
        let stored = try await work(&session, terms).stored
        let signature = stored.dropLast().last { $0.starts(with: Array("signatures/".utf8)) }
        return Recorded(
            digest: Self.digest(in: stored.last ?? []), signature: signature.map(Self.digest))
    }

    /// A private key of the folder.
    func signer(_ name: String) throws -> LocalKey {
        try LocalKey(PrivateKey(parsing: read("\(name).pem"), passphrase: nil))
    }

    /// What every append of a trial has in common: the policy, and the log key.
    func options(by name: String? = nil) throws -> AppendOptions {
        AppendOptions(now: now, policy: try policy(), logSigner: try signer("keys/log"), by: name)
    }

    /// Opens a bundle for one append.
    ///
    /// - Returns: The digest of the last file that was stored.
    private func append(
        to bundle: String,
        _ work: (inout BundleSession, AppendOptions) async throws(WorkflowError) -> Receipt
    ) async throws -> String {
        let options = try options()
        var session = try await BundleSession(opening: path(bundle))
        return Self.digest(in: try await work(&session, options).stored.last ?? [])
    }

    /// The digest that the name of a stored file begins with.
    private static func digest(in path: [UInt8]) -> String {
        String(decoding: (Path.split(path).name ?? []).prefix(64), as: UTF8.self)
    }
}
