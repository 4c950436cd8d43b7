import CloseoutRecords
import CloseoutVerification

/// Steps 9 and 10: the decision, what happens afterwards, and what more there is.
extension Story {
    /// When and as what the bundle is verified in the end, and by what.
    var question: Desk.Question {
        var question = Desk.Question()
        switch checked {
        case .now: break
        case .afterAcceptance: question.moment = "+31d"
        case .afterRetention: question.moment = "+401d"
        case .asOtherRelease: question.version = "1.5.0"
        }
        if question.moment != nil { question.observations = "observations-later.json" }
        return question
    }

    /// The same as options of a command.
    private var options: String {
        "--artifacts app --criteria criteria.json \\\n"
            + "  --classes classes.json --observations \(question.observations ?? "")"
            + (question.moment.map { " --as-of {\($0)}" } ?? "")
            + (question.version.map { " --release payments@\($0)" } ?? "")
    }

    func criteriaStep(_ promise: Scenario.Promise) -> TrialStep {
        let end = promise.outcome?.rawValue ?? promise.verdict.rawValue
        return TrialStep(
            title: "Criteria, the decision, and the public-safe copy",
            summary: "The public-safe copy lacks {withheld} restricted files. "
                + (aftermath.text.map { $0 + " " } ?? "") + "The result: \(end).",
            text: [
                "Eleven criteria, each with its evidence. The decision is signed and recorded with the",
                "computed records; whoever has the bundle, the policy and the criteria recomputes it.",
                "The public-safe copy is made: it lacks what only some may see, and its log stays whole.",
            ] + (aftermath.text.map { [$0] } ?? []),
            documents: [
                DocumentLink("criteria", "Outcome"), DocumentLink("criteria", "Recheck"),
                DocumentLink("records", "For everyone"),
            ],
            actions: [.closing(exit: closingExit(promise)), .export] + aftermath.actions + [
                TrialAction.decisionFile(question, options: options, exit: promise.exit)
                    .given(laterObservations)
            ],
            files: [
                TrialFile(TrialNames.report, "who is given the bundle"),
                TrialFile("\(TrialNames.public)/", "everyone"),
            ],
            checks: [.decision(question, options: options, exit: promise.exit)])
    }

    /// What the store reports once more, where it is verified later.
    private var laterObservations: [TrialInput] {
        let before: String
        switch checked {
        case .now, .asOtherRelease: return []
        case .afterAcceptance: before = "+30d"
        case .afterRetention: before = "+400d"
        }
        return [
            TrialInput(
                path: "observations-later.json", text: observations(at: before, hashed: before))
        ]
    }

    /// The code that closing ends with, before anything happens to the bundle.
    private func closingExit(_ promise: Scenario.Promise) -> Int32 {
        switch (archive, later, checked) {
        case (.forged, _, _): 30
        case (_, .nothing, .now): promise.exit
        case (_, .nothing, .afterAcceptance): 10
        default: 0
        }
    }

    /// What happens after the release was closed.
    private var aftermath: (text: String?, actions: [TrialAction]) {
        switch later {
        case .nothing: (sayingMoment, [])
        case .artifactChanged:
            ("Afterwards somebody changes a shipped file.", [.changedArtifact])
        case .keyRevoked:
            (
                "Afterwards the archive's key is stolen, and the auditor's policy says so.",
                [.revocation]
            )
        case .approvalReplayed:
            (
                "Afterwards somebody who holds the log key adds the approval of another release.",
                replaying
            )
        case .logTruncated:
            (
                "Afterwards somebody takes the newest record out of the log.",
                TrialAction.truncation
            )
        }
    }

    private var sayingMoment: String? {
        switch checked {
        case .now: nil
        case .afterAcceptance: "It is decided on again a day after the acceptance has ended."
        case .afterRetention: "It is decided on again a day after the date of the retention."
        case .asOtherRelease: "It is given to somebody who expects payments 1.5.0."
        }
    }

    private var replaying: [TrialAction] {
        [
            .seal("1.3.0"), .retentionRequest(of: TrialNames.other),
            .retentionApproval(of: TrialNames.other),
        ] + TrialAction.replay.map { $0.given(Self.insider) } + [.checkpoint]
    }

    /// The tenth step.
    func upgradeStep(_ scenario: Scenario) -> TrialStep {
        TrialStep(
            title: "Upgrade path: the controls by edition",
            summary:
                "The controls by edition; \(PilotForm.questions) and \(PilotForm.checklist) are "
                + "written.",
            text: Edition.table
                + [
                    "",
                    "\(PilotForm.questions) asks what to clear up before a pilot: fill in the answers.",
                    "\(PilotForm.checklist) says what this trial has shown, and what is left to you.",
                ],
            documents: [DocumentLink("trial", "Questions"), DocumentLink("trial", "Editions")],
            actions: [.forms(scenario)],
            files: [
                TrialFile(PilotForm.questions, "you"), TrialFile(PilotForm.checklist, "you"),
            ])
    }
}
