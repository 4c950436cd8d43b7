/// Steps 7 and 8: what was delivered, and what is done about what was not.
extension Story {
    private var bundle: String { TrialNames.bundle }

    private func recording(_ file: String, _ text: String, by: String = "") -> TrialCommand {
        TrialCommand("closeout record add \(bundle) --file \(file)\(by)")
            .given(TrialInput(path: file, text: text))
    }

    var deliveryStep: TrialStep {
        let isSuppressed = copy == .sound && isRetained
        return TrialStep(
            title: "Redacted alert delivery",
            text: [
                "Recorded evidence, as this build holds no courier that would deliver by itself. A record of",
                "a delivery has no field for an address, a token or the text of an error.",
                isSuppressed
                    ? "Nothing calls for an alert, which is recorded with its reason."
                    : "The alert about retention is delivered.",
                "The closeout reaches the SIEM. The service desk answers 503: that delivery failed.",
            ],
            commands: [
                recording(
                    "alert.json",
                    isSuppressed
                        ? Self.suppressed
                        : Self.delivery(
                            "alert-1", "retention-alert", route: "records-desk",
                            provider: "webhook", attempts: [200])),
                recording(
                    "siem.json",
                    Self.delivery(
                        "closeout-siem", "closeout", route: "siem", provider: "splunk",
                        attempts: [200])),
                recording(
                    "itsm.json",
                    Self.delivery(
                        "closeout-itsm", "closeout", route: "itsm", provider: "servicenow",
                        attempts: [503])
                ).keeping("failed"),
            ],
            files: [TrialFile("alert.json, siem.json, itsm.json", "who is given the bundle")],
            checks: [
                TrialCommand(
                    "closeout show \(bundle) --evidence | grep -F /delivery/ | cut -c 81-", lines: 3
                )
            ])
    }

    var retryStep: TrialStep {
        let isPlanned = delivery != .unplanned
        return TrialStep(
            title: "Retry plan and dry run",
            text: [
                isPlanned
                    ? "The plan has an owner and a date. Its dry run sends nothing; the operations team reviews it."
                    : "Nobody plans what is to be done about the delivery that failed.",
                delivery == .retried
                    ? "Then it is sent again, as that review allows, and arrives."
                    : "It has not been sent again yet.",
            ]
                + (failure == .accepted
                    ? ["The owner of the risk proposes to accept that; the security team accepts."]
                    : []),
            commands: (isPlanned ? planning : []) + (delivery == .retried ? sending : [])
                + (failure == .accepted ? accepting : []),
            checks: [
                TrialCommand(
                    "closeout status \(bundle) | grep -E ' (delivery|retry)'", lines: 9)
            ])
    }

    private var planning: [TrialCommand] {
        [
            recording("plan.json", Self.plan, by: " --by 'delivery desk'").keeping("plan"),
            recording("dry-run.json", Self.dryRun, by: " --by connector").keeping("dry-run"),
            TrialCommand(
                "closeout record add \(bundle) --file review.json --key keys/operations.pem"
            ).given(TrialInput(path: "review.json", text: Self.review)).keeping("review"),
        ]
    }

    private var sending: [TrialCommand] {
        let links = """
            [
                {"kind": "plan", "sha256": "{plan}"},
                {"kind": "supersedes", "sha256": "{failed}"}
              ]
            """
        let again = Self.delivery(
            "closeout-itsm", "closeout", route: "itsm", provider: "servicenow",
            attempts: [503, 201], links: links)
        return [
            recording("itsm-again.json", again).keeping("again"),
            recording("live-run.json", Self.liveRun),
        ]
    }

    private var accepting: [TrialCommand] {
        [
            TrialCommand(
                """
                closeout risk propose \(bundle) --finding C4 --evidence {failed:16} \\
                  --owner 'Ada Example, product team' --reason 'the desk was down' \\
                  --control 'the desk was told by telephone' --reference RISK-18 \\
                  --expires {+30d} --key keys/product.pem
                """
            ).keeping("failure"),
            TrialCommand("closeout risk accept \(bundle) {failure:16} --key keys/security.pem"),
        ]
    }
}
