/// What the exit code of the run depends on that makes a report (docs/reports.md, "One story").
///
/// What it does not depend on is reported as a warning at most.
package enum ReportPurpose: Equatable, Sendable {
    /// The verdict: in `verify`, and where a bundle is not decided on.
    case verifying
    /// The decision on the release: in `decide` and `close`, with whether an accepted risk is good
    /// enough.
    case deciding(acceptsRisk: Bool)
}

extension ReportPurpose? {
    /// Whether the exit code depends on the decision.
    var isDeciding: Bool { if case .deciding? = self { true } else { false } }
}
