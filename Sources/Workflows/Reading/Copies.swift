package import CloseoutBundles
import CloseoutEncodings
package import CloseoutFiles
import CloseoutVerification

/// Packs a bundle into one file, the same bytes for the same bundle (docs/pack.md).
///
/// - Parameters:
///   - path: The bundle's folder.
///   - artifacts: Which shipped files are packed with it.
///   - target: The file to make; by default `./NAME-VERSION.closeout.tar`.
///   - wait: How long a lock on the bundle is waited for.
/// - Returns: The file's path.
/// - Throws: `WorkflowError`; nothing is left then.
package func packBundle(
    at path: [UInt8], artifacts: ArtifactChoice, to target: [UInt8]?,
    waiting wait: LockWait = LockWait()
) async throws(WorkflowError) -> Receipt {
    do {
        let packer = try await BundlePacker(bundle: path, artifacts: artifacts, waiting: wait)
        let place = try BundleTarget(target ?? packer.defaultTarget)
        try packer.write(to: place)
        return .copy(place.path, counted(packer.count, "file"))
    } catch {
        throw WorkflowError(error)
    }
}

/// Unpacks a packed bundle into a new folder, verified bytes only (docs/pack.md, "Unpacking").
///
/// - Parameters:
///   - path: The packed bundle.
///   - artifacts: Where the shipped files go.
///   - target: The folder to make.
/// - Returns: The folder's path.
/// - Throws: `WorkflowError`; nothing is left then.
package func unpackBundle(
    at path: [UInt8], artifacts: ArtifactChoice, to target: [UInt8]
) async throws(WorkflowError) -> Receipt {
    do {
        let unpacker = try await BundleUnpacker(bundle: path, artifacts: artifacts)
        let place = try BundleTarget(target)
        try unpacker.write(to: place)
        return .copy(place.path, counted(unpacker.count, "file"))
    } catch {
        throw WorkflowError(error)
    }
}

/// Copies what everyone may see of a bundle; its log stays whole (docs/records.md, "Withheld files").
///
/// - Parameters:
///   - path: The bundle.
///   - target: The folder to make.
///   - wait: How long a lock on the bundle is waited for.
/// - Returns: The folder's path.
/// - Throws: `WorkflowError`; nothing is left then.
package func exportPublic(
    bundle path: [UInt8], to target: [UInt8], waiting wait: LockWait = LockWait()
) async throws(WorkflowError) -> Receipt {
    do {
        let export = try await PublicExport(bundle: path, waiting: wait)
        let place = try BundleTarget(target)
        try export.write(to: place)
        let withheld = export.withheldCount
        return .copy(
            place.path,
            "\(counted(withheld, "restricted file")) withheld, "
                + "\(counted(export.count, "file")) copied"
                + (withheld > 0 ? "; without them `verify` says INCOMPLETE" : ""))
    } catch {
        throw WorkflowError(error)
    }
}

extension Receipt {
    /// What was made, and of how much.
    static func copy(_ path: [UInt8], _ note: String) -> Receipt {
        var receipt = Receipt()
        receipt.stored = [path]
        receipt.note(note)
        return receipt
    }
}
