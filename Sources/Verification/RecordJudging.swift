import Bundles
import Files
import OpenSSL
import Records
import Signatures

/// Judges signatures over records, of which a bundle may have many.
struct RecordJudging: Sendable {
    let judge: Judge
    let times: CommittedTimes
    let stamps: [TimeStamp]

    /// What came of each signature file, by its digest.
    typealias Judgements = [SHA256Digest: [SignatureJudgement]]

    /// Judges them one after the other.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    func judge(_ files: ArraySlice<SortedSignatures.OfRecord>) throws -> Judgements {
        var judgements: Judgements = [:]
        for item in files {
            guard let bytes = item.file.trueBytes else { continue }
            judgements[item.file.entry.digest] = try judge.judge(
                bytes, as: .dsse, over: .record(item.signature.record),
                proofs: times.proofs(of: item.file.entry), stamps: stamps)
        }
        return judgements
    }

    /// Judges them on all processors.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    func judgeConcurrently(_ signatures: SortedSignatures) async throws -> Judgements {
        let files = signatures.records.values.flatMap {
            $0.prefix(BundleLimits.signaturesPerSubject)
        }
        let share = max(64, (files.count + Machine.processorCount - 1) / Machine.processorCount)
        ThreadPool.shared.provide((files.count - 1) / share)
        return try await withThrowingTaskGroup(of: Judgements.self) { group in
            for start in stride(from: 0, to: files.count, by: share) {
                let part = files[start..<min(start + share, files.count)]
                group.addTask { try judge(part) }
            }
            return try await group.reduce(into: [:]) { all, part in
                all.merge(part) { first, _ in first }
            }
        }
    }
}
