/// Steps 9 and 10: the decision, what happens afterwards, and what more there is.
extension Story {
    private var bundle: String { TrialNames.bundle }

    /// The criteria and what retention is verified by.
    private var verifying: String {
        let observations =
            checked == .afterAcceptance || checked == .afterRetention
            ? "observations-later.json" : "observations.json"
        return "--artifacts app --criteria criteria.json \\\n"
            + "  --classes classes.json --observations \(observations)"
    }

    /// The command by which the bundle is verified in the end; its report is kept.
    func result(_ promise: Scenario.Promise) -> TrialCommand {
        TrialCommand(
            "closeout decide \(bundle) \(verifying)\(moment)", exit: promise.exit, lines: 80)
    }

    /// The same judgement as a file.
    func report(_ promise: Scenario.Promise) -> TrialCommand {
        TrialCommand(
            "closeout decide \(bundle) \(verifying)\(moment) \\\n  --format json >decision.json",
            exit: promise.exit)
    }

    private var moment: String {
        switch checked {
        case .now: ""
        case .afterAcceptance: " --as-of {+31d}"
        case .afterRetention: " --as-of {+401d}"
        case .asOtherRelease: " --release payments@1.5.0"
        }
    }

    func criteriaStep(_ promise: Scenario.Promise) -> TrialStep {
        TrialStep(
            title: "Criteria, and the decision",
            text: [
                "Eleven criteria, each with its evidence. The decision is signed and recorded with the",
                "computed records; whoever has the bundle, the policy and the criteria recomputes it.",
            ] + (aftermath.text.map { [$0] } ?? []),
            commands: [closing(promise).keeping("decision")] + aftermath.commands
                + [report(promise).given(laterObservations)],
            files: [TrialFile("decision.json", "who is given the bundle")],
            checks: [result(promise)])
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

    /// The command that closes the release, and the code that it ends with before anything happens
    /// to the bundle.
    private func closing(_ promise: Scenario.Promise) -> TrialCommand {
        let exit: Int32 =
            switch (archive, later, checked) {
            case (.forged, _, _): 30
            case (_, .nothing, .now): promise.exit
            case (_, .nothing, .afterAcceptance): 10
            default: 0
            }
        return TrialCommand(
            """
            closeout close \(bundle) --artifacts app --criteria criteria.json \\
              --classes classes.json --observations observations.json --key keys/board.pem
            """, exit: exit)
    }

    /// What happens after the release was closed.
    private var aftermath: (text: String?, commands: [TrialCommand]) {
        switch later {
        case .nothing: (sayingMoment, [])
        case .artifactChanged:
            (
                "Afterwards somebody changes a shipped file.",
                [TrialCommand(#"printf '#!/bin/sh\necho PAID\n' >app/bin/payments"#)]
            )
        case .keyRevoked:
            (
                "Afterwards the archive's key is stolen, and the auditor's policy says so.",
                [TrialCommand("closeout trust revoke trust.json archive --reason compromised")]
            )
        case .approvalReplayed:
            (
                "Afterwards somebody who holds the log key adds the approval of another release.",
                replaying
            )
        case .logTruncated:
            (
                "Afterwards somebody takes the newest record out of the log.",
                [
                    TrialCommand("sed '$d' \(bundle)/log.jsonl >shorter.jsonl"),
                    TrialCommand("mv shorter.jsonl \(bundle)/log.jsonl"),
                    TrialCommand("rm \(bundle)/evidence/{decision:16}*"),
                ]
            )
        }
    }

    private var sayingMoment: String? {
        switch checked {
        case .now: nil
        case .afterAcceptance: "It is judged again a day after the acceptance has ended."
        case .afterRetention: "It is judged again a day after the date of the retention."
        case .asOtherRelease: "It is given to somebody who expects payments 1.5.0."
        }
    }

    private var replaying: [TrialCommand] {
        let other = "payments-1.3.0.closeout"
        return [
            TrialCommand("closeout seal app --release payments@1.3.0 --key keys/release.pem"),
            TrialCommand(
                """
                closeout retention request \(other) --class release \\
                  --until {+400d} --mode governance --reason 'audit of the release' \\
                  --key keys/product.pem
                """),
            TrialCommand(
                "closeout retention approve \(other) --key keys/records.pem"
            ).keeping("signature", .first).keeping("approval", .last),
            TrialCommand(
                "sh insider.sh \(bundle) signature \\\n  \(other)/signatures/{signature:16}*"
            ).given(Self.insider),
            TrialCommand(
                "sh insider.sh \(bundle) evidence \\\n  \(other)/evidence/{approval:16}*"),
            TrialCommand("closeout checkpoint \(bundle) --key keys/log.pem"),
        ]
    }

    /// The tenth step.
    var upgradeStep: TrialStep {
        TrialStep(
            title: "Upgrade path: the controls by edition",
            text: Edition.table
                + [
                    "",
                    "`closeout trial --questions` lists what to clear up first, and which file answers it.",
                ],
            checks: [TrialCommand("closeout --version", lines: 1)])
    }
}
