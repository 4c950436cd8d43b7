import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutSignatures

extension BundleSession {
    /// Stores files as attachments, each with its name: test reports, SBOMs, approvals.
    ///
    /// - Parameters:
    ///   - files: Their paths.
    ///   - mediaType: What their bytes are; by default what content and name show.
    ///   - options: What all appends have in common.
    /// - Returns: Where each lies; what it can serve, and what in it speaks against the release.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func add(
        _ files: [[UInt8]], mediaType: String? = nil, _ options: AppendOptions
    ) async throws(WorkflowError) -> Receipt {
        var receipt = Receipt()
        do {
            var stored: [StoredEvidence] = []
            for file in files {
                stored.append(
                    try appending.addEvidence(
                        at: file, mediaType: mediaType, options, &receipt))
            }
            receipt.stored += stored.map(\.file.path)
            let remarks = EvidenceRemarks(stored, in: path)
            try remarks.warn(in: &appending, &receipt)
            try await commit(options, &receipt)
            let pinned = try options.policy?.criteria.flatMap { try Criteria.atHand($0) }
            try remarks.tellUse(pinned, &receipt)
            return receipt
        } catch {
            throw takeBack(because: error)
        }
    }
}
