/// Steps 7 and 8: what was delivered, and what is done about what was not.
extension Story {
    var deliveryStep: TrialStep {
        let isSuppressed = copy == .sound && isRetained
        let alert =
            isSuppressed
            ? Self.suppressed
            : Self.delivery(
                "alert-1", "retention-alert", route: "records-desk", provider: "webhook",
                attempts: [200])
        let siem = Self.delivery(
            "closeout-siem", "closeout", route: "siem", provider: "splunk", attempts: [200])
        let itsm = Self.delivery(
            "closeout-itsm", "closeout", route: "itsm", provider: "servicenow", attempts: [503])
        return TrialStep(
            title: "Redacted alert delivery",
            summary: (isSuppressed
                ? "No alert is called for." : "The alert about retention is delivered.")
                + " The closeout reaches the SIEM; the service desk answers 503.",
            text: [
                "Recorded evidence, as the trial speaks to no network; `closeout deliver` does. A record of a",
                "delivery has no field for an address, a token or the text of an error.",
                isSuppressed
                    ? "Nothing calls for an alert, which is recorded with its reason."
                    : "The alert about retention is delivered.",
                "The closeout reaches the SIEM. The service desk answers 503: that delivery failed.",
            ],
            documents: [
                DocumentLink("records", "delivery"),
                DocumentLink("records", "Deliveries and retries"),
            ],
            actions: [
                .record(TrialInput(path: "alert.json", text: alert)),
                .record(TrialInput(path: "siem.json", text: siem)),
                .record(TrialInput(path: "itsm.json", text: itsm), as: "failed"),
            ],
            files: [TrialFile("alert.json, siem.json, itsm.json", "who is given the bundle")],
            checks: [.records("delivery")])
    }

    var retryStep: TrialStep {
        let isPlanned = delivery != .unplanned
        let plan =
            isPlanned
            ? "The plan has an owner and a date. Its dry run sends nothing; the operations team reviews it."
            : "Nobody plans what is to be done about the delivery that failed."
        let sent =
            delivery == .retried
            ? "Then it is sent again, as that review allows, and arrives."
            : "It has not been sent again yet."
        return TrialStep(
            title: "Retry plan and dry run",
            summary: (isPlanned ? "Planned, run dry and reviewed. " : plan + " ") + sent
                + (failure == .accepted ? " Its owner accepts that until {+30d}." : ""),
            text: [plan, sent]
                + (failure == .accepted
                    ? ["The owner of the risk proposes to accept that; the security team accepts."]
                    : []),
            documents: [
                DocumentLink("records", "Plan, dry run, review, live run"),
                DocumentLink("records", "risk-acceptance"),
                DocumentLink("criteria", "Hard blockers"),
            ],
            actions: (isPlanned ? planning : []) + (delivery == .retried ? sending : [])
                + (failure == .accepted ? TrialAction.failureAcceptance : []),
            checks: [.records("delivery|retry")])
    }

    private var planning: [TrialAction] {
        [
            .record(
                TrialInput(path: "plan.json", text: Self.plan), by: "delivery desk", as: "plan"),
            .record(
                TrialInput(path: "dry-run.json", text: Self.dryRun), by: "connector", as: "dry-run"),
            .record(
                TrialInput(path: "review.json", text: Self.review), key: "keys/operations",
                as: "review"),
        ]
    }

    private var sending: [TrialAction] {
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
            .record(TrialInput(path: "itsm-again.json", text: again), as: "again"),
            .record(TrialInput(path: "live-run.json", text: Self.liveRun)),
        ]
    }
}
