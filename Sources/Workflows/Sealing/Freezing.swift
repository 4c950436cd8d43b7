import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL

/// Hashes what is shipped into a bundle that waits for signatures.
///
/// A bundle of the same release and files that is there already is confirmed, and left as it is. Cancelling
/// the task removes what was begun.
///
/// - Parameter request: What is frozen.
/// - Returns: What the bundle says.
/// - Throws: `WorkflowError` where the files cannot be recorded, or something else is at the target.
package func freezeRelease(
    _ request: SealRequest
) async throws(WorkflowError) -> SealedRelease {
    do {
        let draft = try await BundleDraft(freezing: request)
        var receipt = Receipt()
        receipt.warn(of: draft.frozen.collisions)
        if let session = try await presentBundle(at: request.target, holding: draft, for: request) {
            receipt.note("\(printable(request.target.path)) holds this release already")
            receipt.stored = [request.target.path]
            return SealedRelease(
                seal: session.seal, id: session.sealDigest, logSize: session.log.size,
                wasThere: true, receipt: receipt)
        }
        receipt.stored = [request.target.path]
        let frozen = SealedRelease(
            seal: draft.seal, id: draft.sealDigest, logSize: draft.size, wasThere: false,
            receipt: receipt)
        try draft.publish(at: request.target)
        return frozen
    } catch {
        throw WorkflowError(error)
    }
}

extension BundleDraft {
    /// Freezes what is asked for, into a temporary folder beside the target.
    init(freezing request: SealRequest) async throws {
        try await self.init(
            freezing: request.source, as: request.release, created: request.created,
            options: request.options, beside: request.target, progress: request.progress)
    }
}

/// Opens the bundle at a target for more, where there is one: it must be of the same release and files,
/// its head as the draft would write it, and its files as its log says.
///
/// - Throws: `WorkflowError` or `BundleError` where something else is there.
func presentBundle(
    at target: BundleTarget, holding draft: borrowing BundleDraft, for request: SealRequest
) async throws -> BundleSession? {
    guard try isAnything(at: target) else { return nil }
    var session: BundleSession
    do throws(WorkflowError) {
        session = try await BundleSession(opening: target.path, waiting: request.lockWait)
    } catch {
        if case .bundle(.file(let file)) = error, file.isRefusedLock { throw error }
        // Something else than this release is told before what is wrong with it.
        if let seal = try sealOfBundle(at: target) { try demandSame(seal, draft, request) }
        throw error
    }
    try demandSame(session.seal, draft, request)
    try draft.confirmHead(of: session.appending, at: target)
    try session.appending.confirmFiles()
    return session
}

private func isAnything(at target: BundleTarget) throws(FileError) -> Bool {
    do throws(FileError) {
        _ = try fileStatus(target.path)
        return true
    } catch {
        guard error.isMissing else { throw error }
        return false
    }
}

/// Confirms that a bundle seals what the draft does.
private func demandSame(
    _ seal: Seal, _ draft: borrowing BundleDraft, _ request: SealRequest
) throws(WorkflowError) {
    let isSame =
        seal.manifestDigest == draft.seal.manifestDigest && seal.release == draft.seal.release
        && (!request.demandsCreated || seal.created == draft.seal.created)
    guard !isSame else { return }
    throw .refused(
        .cannotCreate,
        "\(printable(request.target.path)) exists and seals something else",
        hint: "choose another bundle with -o; nothing is overwritten")
}

extension Receipt {
    /// Warns of names that are one where case or Unicode form does not count.
    mutating func warn(of collisions: [NameCollision]) {
        for collision in collisions {
            warn(
                "\(collision.paths.map { printable($0) }.joined(separator: " and ")) are one name "
                    + "where case or Unicode form does not count",
                hint: "rename one, or refuse such names with --strict-names")
        }
    }
}
