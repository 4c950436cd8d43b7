package import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
package import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutSignatures

/// What the records of a bundle come to, without a look at anything else in it; it grows with the log,
/// and verifies only what is new then.
///
/// Nothing proves any time here; what is wrong with a record leaves it out. A verdict is for
/// `Verifier` alone.
package struct EvidenceReading: Sendable {
    /// What the records come to.
    package private(set) var state: EvidenceState
    private let verifier: SignatureVerifier
    private let seal: SHA256Digest?
    private let release: Release?
    private var signatures = SortedSignatures()
    private var results: RecordVerifier.Results = [:]
    private var records: [SignedRecord] = []
    private var work = CheckingWork()
    /// How many files of the log were taken in.
    private var count = 0

    /// Verifies all records of a bundle.
    ///
    /// - Parameters:
    ///   - contents: The bundle, whose log has no defect.
    ///   - verifier: The policy, if there is one, and the instant.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    package init(_ contents: BundleContents, by verifier: SignatureVerifier) async throws {
        self.verifier = verifier
        seal = try contents.seal.map { try SHA256Digest.of($0) }
        release = contents.seal.flatMap { try? Seal(parsing: $0) }?.release
        signatures = try await SortedSignatures(concurrently: contents)
        results = try await RecordVerifier(
            verifier: verifier, times: CommittedTimes(), stamps: []
        ).verifyConcurrently(signatures, &work)
        var findings = Findings()
        state = EvidenceState([], asOf: verifier.asOf)
        records = await verification.readRecords(concurrently: contents, &findings)
        count = contents.files.count
        state = EvidenceState(
            records, attachments: contents.log.attachments, asOf: verifier.asOf)
    }

    /// Takes in what was appended.
    ///
    /// - Parameter contents: The same bundle with more files behind those that it had.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    package mutating func grow(to contents: BundleContents) throws {
        let added = contents.files[count...]
        guard !added.isEmpty else { return }
        let known = Set(results.keys)
        let signed = try signatures.add(added, of: contents)
        let verifying = RecordVerifier(verifier: verifier, times: CommittedTimes(), stamps: [])
        let files = signatures.checked.filter {
            signed.contains($0.record) && !known.contains($0.file.entry.digest)
        }
        results.merge(try verifying.verify(files, &work)) { $1 }
        var findings = Findings()
        let verification = verification
        for index in records.indices where signed.contains(records[index].digest) {
            let record = records[index]
            records[index] = SignedRecord(
                digest: record.digest, sequence: record.sequence, record: record.record,
                signers: verification.checkSignatures(of: record.digest, "", &findings))
        }
        records += verification.readRecords(contents, from: count, &findings)
        count = contents.files.count
        state = EvidenceState(
            records, attachments: contents.log.attachments, asOf: verifier.asOf)
    }

    /// The signature files over a record, in log order.
    package func signatures(over record: SHA256Digest) -> [SortedSignatures.OfRecord] {
        signatures.records[record] ?? []
    }

    private var verification: RecordVerification {
        RecordVerification(
            seal: seal, release: release, verifier: verifier, signatures: signatures,
            results: results)
    }
}
