package import CloseoutBundles
import CloseoutFiles

extension BundleSession {
    /// Stores files as attachments: test reports, SBOMs, approvals.
    ///
    /// - Parameters:
    ///   - files: Their paths; what the name shows is their media type.
    ///   - options: What all appends have in common.
    /// - Returns: Where each lies.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func add(
        _ files: [[UInt8]], _ options: AppendOptions
    ) async throws(WorkflowError) -> Receipt {
        var receipt = Receipt()
        do {
            for file in files {
                receipt.stored.append(
                    try appending.add(.attachment(at: file), at: options.now).path)
            }
            try await commit(options, &receipt)
            return receipt
        } catch {
            throw takeBack(because: error)
        }
    }
}

extension NewFile {
    /// The file at a path as an attachment, whose type its name tells.
    package static func attachment(at path: [UInt8]) -> NewFile {
        NewFile(
            kind: .attachment, mediaType: .attachment(named: Path.split(path).name ?? path),
            content: .file(path))
    }
}
