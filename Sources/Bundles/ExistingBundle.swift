import CloseoutEncodings
import CloseoutFiles
package import CloseoutManifests

/// The seal of the bundle at a target, or nil if nothing is there.
///
/// - Throws: `BundleError.exists` if something else than a bundle is there.
package func sealOfBundle(at target: BundleTarget) throws(BundleError) -> Seal? {
    try reportingBundleErrors {
        do {
            _ = try fileStatus(target.path)
        } catch let error as FileError where error.isMissing {
            return nil
        }
        do {
            let root = try Directory.open(target.path)
            return try Seal(parsing: try root.read(BundleLayout.seal, limit: BundleLimits.seal))
        } catch {
            throw BundleError.exists(path: target.path, reason: "it is no bundle")
        }
    }
}
