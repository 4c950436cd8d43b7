import CloseoutBundles
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures

/// Judges signatures over records, of which a bundle may have many.
struct RecordVerifier: Sendable {
    let verifier: SignatureVerifier
    let times: CommittedTimes
    let stamps: TimeStamps

    /// The result of each signature file, by its digest.
    typealias Results = [SHA256Digest: [SignatureResult]]

    /// A signature file, and whether to find out why its signature does not count.
    typealias Item = (file: SortedSignatures.OfRecord, seeksReasons: Bool)

    /// Judges them one after the other.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    func verify(_ files: ArraySlice<Item>) throws -> Results {
        var results: Results = [:]
        for (item, seeksReasons) in files {
            guard let bytes = item.file.trueBytes else { continue }
            results[item.file.entry.digest] = try verifier.verify(
                bytes, as: .dsse, over: .record(item.signature.record),
                proofs: times.proofs(of: item.file.entry), stamps: stamps,
                seekingReasons: seeksReasons)
        }
        return results
    }

    /// Judges them on all processors, as far as there is work left for them.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    func verifyConcurrently(
        _ signatures: SortedSignatures, _ work: inout CheckingWork
    ) async throws -> Results {
        let files = within(&work, signatures.checked)
        let share = max(64, (files.count + Machine.processorCount - 1) / Machine.processorCount)
        ThreadPool.shared.provide((files.count - 1) / share)
        return try await withThrowingTaskGroup(of: Results.self) { group in
            for start in stride(from: 0, to: files.count, by: share) {
                let part = files[start..<min(start + share, files.count)]
                group.addTask { try verify(part) }
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
            guard work.take(verifier.units(for: signatures, size: size)) else { return nil }
            return (file, work.takeReasons(verifier.unitsOfReasons(for: signatures, size: size)))
        }
    }
}
