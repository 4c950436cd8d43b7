import Bundles
import Files
import OpenSSL
import Records
import Signatures

/// Judges signatures over records, of which a bundle may have many.
struct RecordJudging: Sendable {
    let judge: Judge
    let times: CommittedTimes
    let stamps: TimeStamps

    /// What came of each signature file, by its digest.
    typealias Judgements = [SHA256Digest: [SignatureJudgement]]

    /// A signature file, and whether to find out why its signature does not count.
    typealias Item = (file: SortedSignatures.OfRecord, seeksReasons: Bool)

    /// Judges them one after the other.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    func judge(_ files: ArraySlice<Item>) throws -> Judgements {
        var judgements: Judgements = [:]
        for (item, seeksReasons) in files {
            guard let bytes = item.file.trueBytes else { continue }
            judgements[item.file.entry.digest] = try judge.judge(
                bytes, as: .dsse, over: .record(item.signature.record),
                proofs: times.proofs(of: item.file.entry), stamps: stamps,
                seekingReasons: seeksReasons)
        }
        return judgements
    }

    /// Judges them on all processors, as far as there is work left for them.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    func judgeConcurrently(
        _ signatures: SortedSignatures, _ work: inout CheckingWork
    ) async throws -> Judgements {
        let files = within(&work, signatures.judged)
        let share = max(64, (files.count + Machine.processorCount - 1) / Machine.processorCount)
        ThreadPool.shared.provide((files.count - 1) / share)
        return try await withThrowingTaskGroup(of: Judgements.self) { group in
            for start in stride(from: 0, to: files.count, by: share) {
                let part = files[start..<min(start + share, files.count)]
                group.addTask { try judge(part) }
            }
            return try await group.reduce(into: [:]) { all, part in
                if all.isEmpty { all = part } else { all.merge(part) { first, _ in first } }
            }
        }
    }

    /// The files for which there is work left, in log order.
    func within(
        _ work: inout CheckingWork, _ files: [SortedSignatures.OfRecord]
    ) -> [Item] {
        files.compactMap { file in
            let (signatures, size) = (file.signature.signatures, file.signature.record.count)
            guard work.take(judge.units(for: signatures, size: size)) else { return nil }
            return (file, work.takeReasons(judge.unitsOfReasons(for: signatures, size: size)))
        }
    }
}
