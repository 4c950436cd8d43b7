/// The one word that a verification ends in (docs/checks.md, "Verdict").
package enum Verdict: String, CaseIterable, Sendable {
    /// Every required check passes.
    case verified = "VERIFIED"
    /// Something is wrong.
    case failed = "FAILED"
    /// Nothing is wrong, but something needed is absent.
    case incomplete = "INCOMPLETE"

    /// Checks that each need at least one pass before anything is verified: what was not looked
    /// at can never count as good.
    package static let indispensableForBundle: [CheckID] = [
        .trustGiven, .bundleUnlisted, .bundleMissing, .bundleDigest, .bundleFileType,
        .bundleLimits, .bundlePrivateKey, .bundleReadme, .sealFormat, .signatureThreshold,
        .logFormat, .logSequence, .logHead, .logDuplicate, .logCheckpoint, .logRoot,
        .logUncommitted,
        .manifestDigest, .manifestFormat, .manifestOrder, .manifestPath, .manifestParent,
        .manifestLinkEscape, .manifestNotEmpty, .manifestTotals, .manifestMerkleRoot,
        .manifestSums,
    ]
    /// Checks that must have been reported for a bundle, as passed or as not applicable.
    package static let reportedForBundle = CheckID.allCases.filter { !$0.isAboutDecisions }
    /// The same for the decisions that a bundle has, once they have been looked at.
    package static let reportedForDecisions = CheckID.allCases.filter(\.isAboutDecisions)
    /// The same for a single file that comes with its proof: all but what speaks of the bundle.
    package static let reportedForProof = CheckID.allCases.filter {
        ["trust", "seal", "artifact"].contains($0.family) || $0 == .signatureLimits
            || signaturesOfOne.contains($0)
    }
    /// What is reported about signatures as soon as one counts.
    private static let signaturesOfOne: [CheckID] = [
        .signatureFormat, .signatureSubject, .signatureValid, .signatureKeyKnown,
        .signatureKeyStrength, .signatureKeyRevoked, .signatureKeyWindow, .signatureThreshold,
    ]
    /// The same for a single file that comes with its proof.
    package static let indispensableForProof: [CheckID] = [
        .trustGiven, .sealFormat, .signatureThreshold, .manifestFormat, .manifestMerkleRoot,
        .artifactType, .artifactSize, .artifactDigest,
    ]

    /// The verdict on these findings, which no other place decides.
    ///
    /// - Parameters:
    ///   - findings: what was found.
    ///   - indispensable: the checks that must have passed.
    ///   - reported: the checks of which there must be some finding.
    package init(on findings: [Finding], indispensable: [CheckID], reported: [CheckID]) {
        let required = findings.filter(\.isRequired)
        if required.contains(where: { $0.status == .fail }) {
            self = .failed
            return
        }
        let passed = Set(required.filter { $0.status == .pass }.map(\.id))
        let isComplete =
            !required.contains { $0.status == .unknown }
            && indispensable.allSatisfy { passed.contains($0) }
            && Set(reported).isSubset(of: findings.map(\.id))
        self = isComplete ? .verified : .incomplete
    }
}

/// The gravest thing that keeps a verdict from being VERIFIED, gravest first
/// (docs/checks.md, "Verdict").
package enum Gap: Int, CaseIterable, Comparable, Sendable {
    case noTrustedSignature, policyOrKeyTimeUnknown, logUncommitted, withheld, artifactsNotGiven
    case other

    /// The gap that an unknown finding of this check makes.
    init(_ finding: Finding) {
        switch finding.id {
        case .trustGiven, .signatureThreshold: self = .noTrustedSignature
        case .trustExpires, .signatureKeyWindow, .signatureKeyKnown:
            self = .policyOrKeyTimeUnknown
        case .logUncommitted, .logCheckpoint, .logCheckpointSignature: self = .logUncommitted
        case .recordWithheld: self = .withheld
        case .artifactGiven: self = .artifactsNotGiven
        default: self = .other
        }
    }

    package static func < (left: Gap, right: Gap) -> Bool { left.rawValue < right.rawValue }
}
