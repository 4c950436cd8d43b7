import CloseoutBundles
import CloseoutEncodings
package import CloseoutInterchange
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

extension BundleSession {
    /// Stores a package of CAVRA and its records in one step, as asserted; a package that is there already
    /// is not stored again.
    ///
    /// - Parameters:
    ///   - package: The package.
    ///   - source: Where it came from; nil where that says no name.
    ///   - options: What all appends have in common.
    /// - Returns: The paths of what was stored, or of the package that was there.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func importPackage(
        _ package: CavraPackage, from source: [UInt8]? = nil, _ options: AppendOptions
    ) async throws(WorkflowError) -> Receipt {
        var receipt = Receipt()
        if let path = appending.path(of: package.digest) {
            receipt.note("\(printable(path)) is this package; nothing was stored")
            receipt.stored.append(path)
            return receipt
        }
        do {
            _ = try appending.add(
                GivenDocument(bytes: package.bytes, path: source), by: options.by, at: options.now,
                &receipt)
            let (release, seal) = (seal.release, sealDigest)
            let records = try package.records(at: options.now) { body, links in
                try RecordHeader.new(
                    release, seal: seal, at: options.now, by: options.by,
                    Record.visibility(of: body, by: options.by), links: links)
            }
            var added: [SHA256Digest] = []
            for record in records {
                added.append(try appending.add(record, at: options.now).digest)
            }
            receipt.stored = try pathsOfAdded()
            try await commit(options, &receipt)
            let evidence = try await evidence(options)
            let reporting = RecordReporting(evidence, of: path)
            for record in added.compactMap(evidence.state.record) {
                _ = reporting.warnOfObjection(
                    record, as: evidence.path(of: record.digest), &receipt)
            }
            return receipt
        } catch {
            throw takeBack(because: error)
        }
    }
}
