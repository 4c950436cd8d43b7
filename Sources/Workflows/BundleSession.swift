package import CloseoutBundles
import CloseoutEncodings
package import CloseoutFiles
package import CloseoutManifests
package import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// One opened bundle: locked first, each of its files read at most once, growing in memory with what is
/// appended.
///
/// Each workflow is one append: all of it or nothing. After it, the session goes on in the state that the
/// bundle is in then; after an error the bundle is as it was before. The lock is held as long as the
/// session lives.
package struct BundleSession: ~Copyable {
    /// The path by which the bundle was opened.
    package let path: [UInt8]
    /// What the seal says.
    package let seal: Seal
    var appending: BundleAppending
    private var memory: (policy: [SHA256Digest], signers: SignerMemory)?
    private var knownEvidence: (policy: [SHA256Digest], evidence: BundleEvidence)?

    /// Locks a bundle and reads its log, seal and checkpoint.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - wait: How long the lock of somebody else is waited for.
    /// - Throws: `WorkflowError` where there is no bundle, another holds its lock, or the log is in doubt.
    package init(
        opening path: [UInt8], waiting wait: LockWait = LockWait()
    ) async throws(WorkflowError) {
        let appending = try await Self.lock(path, wait)
        let seal = try reportingErrors { try Seal(parsing: appending.seal) }
        self.path = path
        self.seal = seal
        self.appending = appending
    }

    private static func lock(
        _ path: [UInt8], _ wait: LockWait
    ) async throws(WorkflowError) -> BundleAppending {
        do { return try await BundleAppending(opening: path, waiting: wait) } catch {
            throw .bundle(error)
        }
    }

    /// The exact bytes of `seal.json`.
    package var sealBytes: [UInt8] { appending.seal }

    /// The digest of the seal: the bundle's id.
    package var sealDigest: SHA256Digest { appending.sealDigest }

    /// The log on the storage.
    package var log: BundleLog { appending.log }

    /// The bundle as it is now, but for manifest, SHA256SUMS and artifacts.
    ///
    /// - Parameter hashingAttachments: Whether attachments are looked at, which may be large.
    /// - Returns: What the one reading of each file gave.
    /// - Throws: `WorkflowError` where a folder of the bundle cannot be listed.
    package mutating func contents(
        hashingAttachments: Bool = false
    ) throws(WorkflowError) -> BundleContents {
        do { return try appending.contents(hashingAttachments: hashingAttachments) } catch {
            throw WorkflowError(error)
        }
    }

    /// The paths of what is being added, but for records that do no more than name an attachment.
    mutating func pathsOfAdded() throws -> [[UInt8]] {
        try appending.contents().files.dropFirst(log.size).filter { file in
            let record = file.trueBytes.flatMap { try? Record(parsing: $0) }
            return record?.kind.hasName(of: .attachment) != true
        }.map(\.entry.path)
    }

    /// Verifies by a policy, and does none of the mathematics twice within this session.
    mutating func verifier(
        _ options: AppendOptions, material: UntrustedCertificates = UntrustedCertificates()
    ) throws -> SignatureVerifier {
        SignatureVerifier(
            policy: options.policy, asOf: options.now, release: seal.release.name,
            material: material, created: seal.created, memory: try signerMemory(options))
    }

    /// What sets a policy apart from others: the same bytes may name other key files.
    private func identity(_ policy: TrustPolicy?) throws -> [SHA256Digest] {
        guard let policy else { return [] }
        return try [policy.digest] + policy.keyFiles.map { try SHA256Digest.of($0) }
    }

    /// What was found out of signatures by this policy.
    mutating func signerMemory(_ options: AppendOptions) throws -> SignerMemory {
        let policy = try identity(options.policy)
        if let memory, memory.policy == policy { return memory.signers }
        let signers = SignerMemory()
        memory = (policy, signers)
        return signers
    }

    /// The records as they were when they were last verified by this policy at this instant.
    func knownEvidence(_ options: AppendOptions) throws -> BundleEvidence? {
        guard let known = knownEvidence, known.evidence.now == options.now,
            known.policy == (try identity(options.policy))
        else { return nil }
        return known.evidence
    }

    /// Keeps records that were verified.
    mutating func keep(_ evidence: BundleEvidence, _ options: AppendOptions) throws {
        knownEvidence = (try identity(options.policy), evidence)
    }

    /// Takes back what a workflow had begun, and says why it was not done.
    mutating func takeBack(because error: any Error) -> WorkflowError {
        appending.discard()
        return WorkflowError(error)
    }
}

/// The exact bytes of a bundle's seal, read without keeping a lock: for a signer that runs before the
/// bundle is opened.
///
/// - Parameters:
///   - path: The bundle.
///   - wait: How long the lock of somebody who writes is waited for.
/// - Returns: The bytes; that they are those of the log is confirmed when the bundle is opened.
/// - Throws: `WorkflowError` where there is no seal.
package func sealBytes(
    ofBundle path: [UInt8], waiting wait: LockWait = LockWait()
) async throws(WorkflowError) -> [UInt8] {
    do {
        let reader = try await BundleReader(opening: path, waiting: wait)
        if let seal = try reader.readSeal() { return seal }
    } catch {
        throw WorkflowError(error)
    }
    throw .refused(
        .malformed, "\(printable(path)) has no seal that could be signed",
        hint: "run `closeout verify` to see what is wrong")
}
