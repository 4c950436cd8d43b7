import CloseoutBundles
import CloseoutEncodings
package import CloseoutFiles
import CloseoutVerification

/// Writes the proof of one file, by which it can be verified without the bundle (docs/proof.md).
///
/// - Parameters:
///   - file: The file's path in the release.
///   - path: The bundle.
///   - target: The proof to write, which must be free.
///   - wait: How long a lock on the bundle is waited for.
/// - Returns: The path of the proof.
/// - Throws: `WorkflowError` where the release has no such file; nothing is left then.
package func writeProof(
    of file: [UInt8], in path: [UInt8], to target: [UInt8], waiting wait: LockWait = LockWait()
) async throws(WorkflowError) -> Receipt {
    do {
        let maker = try await ProofMaker(bundle: path, waiting: wait)
        let place = try BundleTarget(target)
        guard let index = maker.index(of: file), let proof = try maker.proof(at: index) else {
            throw WorkflowError.refused(
                .missing, "the release has no entry \(printable(file))",
                hint: "`closeout show \(shellQuoted(path)) --files` lists them")
        }
        let parent = try Directory.openParent(ofNew: target)
        try parent.write(new: place.name, proof.canonicalBytes)
        try parent.sync()
        var receipt = Receipt()
        receipt.stored = [target]
        return receipt
    } catch {
        throw WorkflowError(error)
    }
}

/// Writes the proofs of all entries into a new folder, which appears when it is whole.
///
/// - Parameters:
///   - path: The bundle.
///   - target: The folder to make.
///   - wait: How long a lock on the bundle is waited for.
/// - Returns: The path of the folder.
/// - Throws: `WorkflowError`; nothing is left then.
package func writeProofs(
    ofAllIn path: [UInt8], to target: [UInt8], waiting wait: LockWait = LockWait()
) async throws(WorkflowError) -> Receipt {
    do {
        let maker = try await ProofMaker(bundle: path, waiting: wait)
        var folder = try TemporaryFolder(for: BundleTarget(target))
        for index in 0..<maker.count {
            guard let proof = try maker.proof(at: index) else { continue }
            let digits = String(index)
            let name = String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
            try folder.root.write(
                new: Array("\(name).closeout-proof".utf8), proof.canonicalBytes)
        }
        try folder.root.sync()
        try folder.place()
        try folder.parent.sync()
        return .copy(target, counted(maker.count, "proof"))
    } catch {
        throw WorkflowError(error)
    }
}
