import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// The log and the records of a bundle, as a command that writes a record needs them.
struct BundleEvidence {
    let seal: Seal
    let sealDigest: SHA256Digest
    let state: EvidenceState
    /// By what the records were judged; without a policy no signature counts.
    let policy: TrustPolicy?
    /// Whether the records were judged by a policy.
    var hasPolicy: Bool { policy != nil }
    /// How many files of the log were withheld.
    private let withheld: Int
    private let entries: [LogEntry]
    private let signatures: SortedSignatures
    private let now: Instant

    /// Reads a bundle, and judges its records by a policy where one is at hand.
    ///
    /// - Throws: `CommandFailure` where the seal cannot be read.
    init(
        bundle path: [UInt8], policy: TrustPolicy?, at now: Instant, waiting wait: LockWait
    ) async throws {
        let contents = try await BundleReader(opening: path, waiting: wait).contents()
        guard let bytes = contents.seal, let seal = try? Seal(parsing: bytes) else {
            throw CommandFailure(
                .malformed, "\(printable(path)) has no seal that can be read",
                hint: "run `closeout verify` to see what is wrong")
        }
        self.seal = seal
        self.policy = policy
        withheld =
            contents.withheld.bytes.flatMap { try? WithheldList(parsing: $0) }?.paths.count ?? 0
        sealDigest = try SHA256Digest.of(bytes)
        let verifier = SignatureVerifier(
            policy: policy, asOf: now, release: seal.release.name, created: seal.created)
        state = try evidenceState(of: contents, by: verifier)
        entries = contents.log.entries
        signatures = try SortedSignatures(contents)
        self.now = now
    }

    /// The log entry that a person names: by its path, its digest, or the first 8 digits or more.
    ///
    /// - Throws: `CommandFailure` where none or several have that name.
    func entry(named name: [UInt8]) throws -> LogEntry {
        let isDigits = name.count >= 8 && name.allSatisfy(Self.isDigit)
        let found = entries.filter {
            $0.path == name || isDigits && $0.digest.hexBytes.starts(with: name)
        }
        if found.isEmpty, !name.isEmpty, name.count < 8, name.allSatisfy(Self.isDigit) {
            throw CommandFailure(
                .usage, "\(printable(name)) is too short for a digest",
                hint: "give at least eight digits of it")
        }
        guard let entry = found.first, found.count == 1 else {
            throw CommandFailure(
                .usage,
                "\(found.isEmpty ? "no file" : "more than one file") of the bundle is "
                    + printable(name),
                hint: "name it by its path or digest, as `closeout show BUNDLE --log` prints them")
        }
        return entry
    }

    /// The record that a person names.
    ///
    /// - Throws: `CommandFailure` where it is none that belongs to the bundle.
    func record(named name: [UInt8]) throws -> ResolvedRecord {
        let entry = try entry(named: name)
        guard let record = state.record(entry.digest) else {
            throw CommandFailure(
                .usage, "\(printable(entry.path)) is no record of this bundle",
                hint: "`closeout show BUNDLE --evidence` lists the records")
        }
        return record
    }

    /// Says how many files were withheld, where any were: what is not listed may be among them.
    func reportWithheld(_ what: String, _ console: Console) {
        guard withheld > 0 else { return }
        console.note("\(withheld) files were withheld from this copy; \(what) may be among them")
    }

    /// Says that no signature counts, where no policy was given by which one could.
    func reportWithoutPolicy(_ isEmpty: Bool, _ console: Console) {
        guard !hasPolicy, !isEmpty else { return }
        console.note(
            "no policy was given, so no signature counts: --trust POLICY tells which do")
    }

    /// Where a record lies.
    func path(of digest: SHA256Digest) -> String {
        entries.first { $0.digest == digest }.map { printable($0.path) } ?? digest.hex
    }

    /// The signature over a record that a key has made already, by its path in the bundle.
    func signature(
        over record: SHA256Digest, by key: PublicKey, _ algorithm: SignatureAlgorithm
    ) throws -> [UInt8]? {
        let policy = try TrustPolicy.single(
            key.pem, algorithm: algorithm,
            in: PolicyContext(acceptingSampleKeys: true))
        let verifier = SignatureVerifier(policy: policy, asOf: now, release: nil)
        return try signatures.records[record]?.first { item in
            guard let bytes = item.file.trueBytes else { return false }
            return try verifier.verify(bytes, as: .dsse, over: .record(item.signature.record))
                .contains { $0.effect == .counts }
        }?.file.entry.path
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
