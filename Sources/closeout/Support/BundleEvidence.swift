import Bundles
import Encodings
import Manifests
import OpenSSL
import Records
import Signatures
import Verification

/// The log and the records of a bundle, as a command that writes a record needs them.
struct BundleEvidence {
    let seal: Seal
    let sealDigest: SHA256Digest
    let state: EvidenceState
    private let entries: [LogEntry]

    /// Reads a bundle, and judges its records by a policy where one is at hand.
    ///
    /// - Throws: `CommandFailure` where the seal cannot be read.
    init(bundle path: [UInt8], policy: TrustPolicy?, at now: Instant) throws {
        let contents = try BundleReader(opening: path).contents()
        guard let bytes = contents.seal, let seal = try? Seal(parsing: bytes) else {
            throw CommandFailure(
                .malformed, "\(printable(path)) has no seal that can be read",
                hint: "run `closeout verify` to see what is wrong")
        }
        self.seal = seal
        sealDigest = try SHA256Digest.of(bytes)
        let judge = Judge(policy: policy, asOf: now, release: seal.release.name)
        state = try evidenceState(of: contents, by: judge)
        entries = contents.log.entries
    }

    /// The log entry that a person names: by its path, its digest, or the first 8 digits or more.
    ///
    /// - Throws: `CommandFailure` where none or several have that name.
    func entry(named name: [UInt8]) throws -> LogEntry {
        let isDigits =
            name.count >= 8
            && name.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
        let found = entries.filter {
            $0.path == name || isDigits && $0.digest.hexBytes.starts(with: name)
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
    func record(named name: [UInt8]) throws -> StandingRecord {
        let entry = try entry(named: name)
        guard let record = state.record(entry.digest) else {
            throw CommandFailure(
                .usage, "\(printable(entry.path)) is no record of this bundle",
                hint: "`closeout show BUNDLE --evidence` lists the records")
        }
        return record
    }

    /// Where a record lies.
    func path(of digest: SHA256Digest) -> String {
        entries.first { $0.digest == digest }.map { printable($0.path) } ?? digest.hex
    }
}
