import CloseoutBundles
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures

/// Verifies signatures over records, of which a bundle may have many.
struct RecordVerifier: Sendable {
    let verifier: SignatureVerifier
    let times: CommittedTimes
    let stamps: TimeStamps

    /// The result of each signature file, by its digest.
    typealias Results = [SHA256Digest: [SignatureResult]]

    /// A signature file, and whether to find out why its signature does not count.
    typealias Item = (file: SortedSignatures.OfRecord, seeksReasons: Bool)

    /// How many signatures are worth a thread.
    private static let share = 32

    /// Verifies them one after the other, as far as there is work left for them.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    func verify(
        _ signatures: [SortedSignatures.OfRecord], _ work: inout CheckingWork
    ) throws -> Results {
        let files = within(&work, zip(signatures, signatures.lazy.map(needs(of:))))
        return Results(try results(files[...])) { first, _ in first }
    }

    /// Verifies them on all processors, as far as there is work left for them.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    func verifyConcurrently(
        _ signatures: SortedSignatures, _ work: inout CheckingWork
    ) async throws -> Results {
        let checked = signatures.checked
        let needs = await inParts(of: checked.count) { range in checked[range].map(needs(of:)) }
        let files = within(&work, zip(checked, needs.joined()))
        let parts = try await inParts(of: files.count, least: Self.share) { range in
            try results(files[range])
        }
        return Results(parts.joined()) { first, _ in first }
    }

    /// The results of each file, in their order.
    private func results(_ files: ArraySlice<Item>) throws -> [(SHA256Digest, [SignatureResult])] {
        try files.compactMap { item, seeksReasons in
            guard let bytes = item.file.trueBytes else { return nil }
            let results = try verifier.verify(
                item.signature.envelope, of: bytes, over: .record(item.signature.record),
                proofs: times.proofs(of: item.file.entry), stamps: stamps,
                seekingReasons: seeksReasons)
            return (item.file.entry.digest, results)
        }
    }

    /// Units of work for a signature, and for finding out why it does not count.
    private typealias Needs = (units: Int, reasons: Int)

    private func needs(of file: SortedSignatures.OfRecord) -> Needs {
        let (signatures, size) = (file.signature.signatures, file.signature.record.count)
        return (
            verifier.units(for: signatures, size: size),
            verifier.unitsOfReasons(for: signatures, size: size)
        )
    }

    /// The files for which there is work left, in log order.
    private func within(
        _ work: inout CheckingWork, _ files: some Sequence<(SortedSignatures.OfRecord, Needs)>
    ) -> [Item] {
        files.compactMap { file, needs in
            guard work.take(needs.units) else { return nil }
            return (file, work.takeReasons(needs.reasons))
        }
    }
}
