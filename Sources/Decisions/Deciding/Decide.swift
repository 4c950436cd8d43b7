package import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutVerification

/// Decides on a release (docs/criteria.md, "Outcome").
///
/// Pure and total: the same report, health and criteria give the same decision, and there always is
/// one. The verification time is the report's. A release whose bundle is not VERIFIED is blocked, whatever else holds.
///
/// - Parameters:
///   - report: What a verification of the bundle found.
///   - health: What `retentionHealth` made of the same report.
///   - classes: The digest of the table of retention classes by which that was made.
///   - criteria: What is demanded.
///   - content: What the linked evidence says by itself; by default nothing is known of it.
/// - Returns: The decision.
package func decide(
    _ report: Report, health: RetentionHealth, classes: SHA256Digest? = nil, criteria: Criteria,
    content: EvidenceContents = EvidenceContents()
) -> Decision {
    var cover = AcceptanceMatcher(report.evidence, limits: criteria.acceptance, asOf: report.asOf)
    let examination = CriteriaExamination(
        report, health: health, classes: classes, content: content)
    var examined = examination.outcomes(of: criteria) {
        cover.covers(absenceOf: $0, resting: examination.seal)
    }
    var results = zip(criteria.criteria, examined).map { cover.result($0, $1) }
    if cover.isOverdrawn {
        // More acceptances than may be used: then none counts.
        cover = AcceptanceMatcher(nil, limits: criteria.acceptance, asOf: report.asOf)
        let most = criteria.acceptance.most ?? 0
        examined = examined.map {
            guard $0.status == .fail else { return $0 }
            return .fail(
                "\($0.reason); more than \(most) acceptances would be needed", $0.evidence,
                remedy: $0.remedy ?? $0.reason)
        }
        results = zip(criteria.criteria, examined).map { cover.result($0, $1) }
    }
    let (outcome, reason) = outcome(of: results, report)
    return Decision(
        outcome: outcome, reason: reason,
        criteria: Decision.CriteriaName(
            id: criteria.id, version: criteria.version, digest: criteria.digest),
        results: results, notes: cover.notes(results) + examination.contentNotes(criteria),
        asOf: report.asOf,
        usedArtifacts: report.comparedArtifacts)
}

private func outcome(
    of results: [CriterionResult], _ report: Report
) -> (ReleaseOutcome, String) {
    guard report.integrity == .verified else {
        return (.blocked, "the bundle is \(report.integrity.rawValue)")
    }
    guard results.contains(where: { $0.status != .notApplicable }) else {
        return (.blocked, "no criterion is applicable")
    }
    let blocking = results.filter(\.blocks)
    guard blocking.isEmpty else {
        return (.blocked, "open: " + blocking.map(\.id).joined(separator: ", "))
    }
    let accepted = results.filter(\.isAccepted)
    guard accepted.isEmpty else {
        return (
            .readyWithAcceptedRisk,
            "not fulfilled, risk accepted: " + accepted.map(\.id).joined(separator: ", ")
        )
    }
    return (.readyForRelease, "all criteria that apply are fulfilled")
}

extension Report {
    /// Whether the shipped files were compared, all of them, in every respect.
    package var comparedArtifacts: Bool {
        notLookedAt.isEmpty
            && findings.contains { $0.id == .artifactGiven && $0.status == .pass }
    }
}
