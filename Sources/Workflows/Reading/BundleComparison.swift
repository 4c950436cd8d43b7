package import CloseoutVerification

/// Verifies two bundles and says in what they differ (docs/command-line.md, "diff").
///
/// Each is opened once, and each file of it; what is compared was verified first.
///
/// - Parameters:
///   - first: A bundle, packed or not.
///   - second: The one that it is compared with.
///   - request: What both verifications are asked.
///   - recheck: What their rechecks are given; the manifests are kept in any case.
/// - Returns: The differences.
/// - Throws: `WorkflowError` where one cannot be looked at.
package func compareBundles(
    _ first: [UInt8], _ second: [UInt8], _ request: VerificationRequest,
    _ recheck: RecheckRequest = RecheckRequest()
) async throws(WorkflowError) -> BundleDifference {
    var recheck = recheck
    recheck.keepsManifest = true
    let old = try await verifyBundle(at: first, request, recheck)
    let new = try await verifyBundle(at: second, request, recheck)
    return BundleDifference(
        ComparedBundle(old.inspection, report: old.report),
        ComparedBundle(new.inspection, report: new.report))
}
