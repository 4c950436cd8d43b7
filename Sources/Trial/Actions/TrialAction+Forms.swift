import CloseoutDecisions
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows

/// The files that a person goes on with.
extension TrialAction {
    /// Writes the questions, and what was shown of the bundle; there is no command for that alone.
    static func forms(_ scenario: Scenario) -> TrialAction {
        .silent("") { desk in
            try desk.write(
                TrialInput(path: PilotForm.questions, text: PilotForm.form))
            let checked = try await desk.check(scenario.story.question)
            let list = try await Checklist(checked.report, at: desk)
            try desk.write(PilotForm.checklist, Array(list.text(of: scenario).utf8))
        }
    }
}

extension Checklist {
    /// Says what a run has shown.
    fileprivate init(_ report: Report, at desk: Desk) async throws {
        let records = report.recordLines
        let signed = records.filter { $0.isVerified && !$0.operators.isEmpty }
        let asserted = records.filter { !$0.isVerified }
        let (health, _) = try await desk.health("observations.json")
        let risks = report.riskLines
        let runs = records.filter { $0.kind == .retryReview && $0.isVerified }
        let decision = report.decision?.recorded.last
        let withheld = try await desk.withheld().kinds
        let provided = Edition.controls.filter { $0.needs == nil }
        parts = [
            (
                "Evidence",
                [
                    Item(
                        report.verdict == .verified,
                        report.gravest.map {
                            "The bundle does not verify: \($0.id.rawValue): \($0.reason)"
                        }
                            ?? "Every file is as it was sealed, and the bundle verifies: "
                            + "`closeout verify \(TrialNames.bundle) --artifacts app`"),
                    Item(
                        asserted.isEmpty,
                        "\(records.count) records say who may see them and where they lie; "
                            + "\(signed.count) are signed by whom the policy trusts for that, "
                            + "\(asserted.count) are only asserted: "
                            + "`closeout status \(TrialNames.bundle)`"),
                ],
                "we can explain to an auditor what each record is for."
            ),
            (
                "What is public-safe",
                [
                    Item(
                        desk.has(TrialNames.public),
                        "`\(TrialNames.public)` lacks what only some may see: "
                            + withheld.joined(separator: ", "))
                ],
                "we know which of our records may leave the house."
            ),
            (
                "Controls by edition",
                [
                    Item(
                        true,
                        "\(provided.count) of \(Edition.controls.count) controls are in this build; "
                            + "docs/trial.md says what the others need")
                ],
                "we know which of the others we need."
            ),
            (
                "Health and retries",
                [
                    Item(
                        health.level == .healthy || health.level == .warning,
                        "Health of retention: \(health.level.rawValue); findings: "
                            + "\(health.findings.count); accepted risks: \(risks.count): "
                            + "`closeout risk list \(TrialNames.bundle)`"),
                    Item(
                        !runs.isEmpty,
                        runs.isEmpty
                            ? "No dry run of a retry plan was reviewed"
                            : "The dry run of the retry plan was reviewed before anything was sent"),
                ],
                "we know who reviews findings and retries."
            ),
            (
                "Decision",
                [
                    Item(
                        decision?.status == .pass,
                        decision.map {
                            "The decision \($0.outcome.rawValue) is recorded: \($0.reason)"
                        } ?? "No decision is recorded")
                ],
                "our way to release and audit has a place for each step of this trial."
            ),
        ]
    }
}
