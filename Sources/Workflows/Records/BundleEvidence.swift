package import CloseoutBundles
package import CloseoutEncodings
package import CloseoutFiles
package import CloseoutManifests
package import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutSignatures
import CloseoutVerification

/// The log and the records of a bundle, as a workflow that writes a record needs them.
package struct BundleEvidence: Sendable {
    /// What the seal says.
    package let seal: Seal
    /// The digest of the seal.
    package let sealDigest: SHA256Digest
    /// Whether the records were verified by a policy; without one no signature counts.
    package let hasPolicy: Bool
    /// How many files of the log were withheld.
    package let withheld: Int
    private var reading: EvidenceReading
    private var entries: [LogEntry]
    let now: Instant

    /// What the records say together.
    package var state: EvidenceState { reading.state }

    /// Verifies the records of a bundle.
    init(
        _ contents: BundleContents, seal: Seal, digest: SHA256Digest, by verifier: SignatureVerifier
    ) async throws {
        self.seal = seal
        sealDigest = digest
        hasPolicy = verifier.policy != nil
        withheld =
            contents.withheld.bytes.flatMap { try? WithheldList(parsing: $0) }?.paths.count ?? 0
        reading = try await EvidenceReading(contents, by: verifier)
        entries = contents.log.entries
        now = verifier.asOf
    }

    /// Reads a bundle without locking it for others, and verifies its records by a policy where one is at
    /// hand.
    ///
    /// - Throws: `WorkflowError` where the seal cannot be read.
    package init(
        reading path: [UInt8], policy: TrustPolicy?, at now: Instant,
        waiting wait: LockWait = LockWait()
    ) async throws(WorkflowError) {
        do {
            let contents = try await BundleReader(opening: path, waiting: wait)
                .contentsConcurrently()
            guard let bytes = contents.seal, let seal = try? Seal(parsing: bytes) else {
                throw WorkflowError.refused(
                    .malformed, "\(printable(path)) has no seal that can be read",
                    hint: "run `closeout verify` to see what is wrong")
            }
            try await self.init(
                contents, seal: seal, digest: try SHA256Digest.of(bytes),
                by: SignatureVerifier(
                    policy: policy, asOf: now, release: seal.release.name, created: seal.created))
        } catch {
            throw WorkflowError(error)
        }
    }

    /// Takes in what was appended; only that is verified.
    mutating func grow(to contents: BundleContents) throws {
        try reading.grow(to: contents)
        entries = contents.log.entries
    }

    /// The log entry that a person names: by its path, its digest, or the first 8 digits or more.
    ///
    /// - Throws: `WorkflowError` where none or several have that name.
    package func entry(named name: [UInt8]) throws(WorkflowError) -> LogEntry {
        let isDigits = name.count >= 8 && name.allSatisfy(\.isHexDigit)
        let found = entries.filter {
            $0.path == name || isDigits && $0.digest.hexBytes.starts(with: name)
        }
        if found.isEmpty, !name.isEmpty, name.count < 8, name.allSatisfy(\.isHexDigit) {
            throw .refused(
                .usage, "\(printable(name)) is too short for a digest",
                hint: "give at least eight digits of it")
        }
        guard let entry = found.first, found.count == 1 else {
            throw .refused(
                .usage,
                "\(found.isEmpty ? "no file" : "more than one file") of the bundle is "
                    + printable(name),
                hint: "name it by its path or digest, as `closeout show BUNDLE --log` prints them")
        }
        return entry
    }

    /// The record that a person names.
    ///
    /// - Throws: `WorkflowError` where it is none that belongs to the bundle.
    package func record(named name: [UInt8]) throws(WorkflowError) -> ResolvedRecord {
        let entry = try entry(named: name)
        guard let record = state.record(entry.digest) else {
            throw .refused(
                .usage, "\(printable(entry.path)) is no record of this bundle",
                hint: "`closeout show BUNDLE --evidence` lists the records")
        }
        return record
    }

    /// Where a record lies.
    package func path(of digest: SHA256Digest) -> String {
        entries.first { $0.digest == digest }.map { printable($0.path) } ?? digest.hex
    }

    /// The signature over a record that a key has made already, by its path in the bundle.
    func signature(
        over record: SHA256Digest, by signer: EnvelopeSigner
    ) throws -> [UInt8]? {
        let policy = try TrustPolicy.single(
            signer.publicKey.pem, algorithm: signer.algorithm,
            in: PolicyContext(acceptingSampleKeys: true))
        let verifier = SignatureVerifier(policy: policy, asOf: now, release: nil)
        return try reading.signatures(over: record).first { item in
            guard let bytes = item.file.trueBytes else { return false }
            return try verifier.verify(bytes, as: .dsse, over: .record(item.signature.record))
                .contains { $0.effect == .counts }
        }?.file.entry.path
    }
}
