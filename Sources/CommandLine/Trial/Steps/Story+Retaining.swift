/// Steps 4 to 6: how long it is kept, what is in the bundle, how the copies are.
extension Story {
    private var bundle: String { TrialNames.bundle }

    var retentionStep: TrialStep {
        let asked = TrialCommand(
            """
            closeout retention request \(bundle) --class release \\
              --until {+400d} --mode governance --reason 'audit of the release' \\
              --key keys/product.pem
            """)
        let held = TrialCommand(
            """
            closeout hold place \(bundle) --matter case-12 --custodian 'legal desk' \\
              --reason 'a claim about payments' --key keys/records.pem
            """)
        return TrialStep(
            title: "Retention: approval, date and hold",
            text: ["The product team asks for 400 days, until an instant and not a bare date."]
                + [ruling.text]
                + (hold == .placed
                    ? [
                        "A matter is held: until it is released nothing ends, whatever the date says."
                    ]
                    : ["No matter is held."]),
            commands: [asked] + ruling.commands + (hold == .placed ? [held] : []),
            checks: [
                TrialCommand("closeout hold list \(bundle)", lines: 1),
                TrialCommand(
                    "closeout retention health \(bundle) --classes classes.json",
                    exit: isRetained && archive == .signed ? 0 : 30, lines: 1),
            ])
    }

    /// What the other side says to the request.
    private var ruling: (text: String, commands: [TrialCommand]) {
        switch retention {
        case .approved:
            (
                "The records team, and not the one that asked, approves it.",
                [TrialCommand("closeout retention approve \(bundle) --key keys/records.pem")]
            )
        case .denied:
            (
                "The records team denies it. Only a later approval that names the denial undoes that.",
                [
                    TrialCommand(
                        """
                        closeout retention deny \(bundle) \\
                          --reason 'the class is too short' --key keys/records.pem
                        """)
                ]
            )
        case .selfApproved:
            (
                "The product team approves its own request with another key, under another name.",
                [
                    TrialCommand("closeout keygen --no-passphrase -o keys/desk"),
                    TrialCommand(
                        """
                        closeout trust add trust.json keys/desk.pub.pem --operator product-team \\
                          --role retention
                        """),
                    TrialCommand(
                        "closeout retention approve \(bundle) --by 'records desk' --key keys/desk.pem"
                    ),
                ]
            )
        }
    }

    var artifactBundle: TrialStep {
        let proof = archive == .forged ? Int32(30) : 0
        return TrialStep(
            title: "Artifact bundle and hashes",
            text: [
                "The digests are over the very bytes that are shipped, so other tools check them too. One",
                "file can be proven without the bundle. The record artifact-bundle, which lists all files",
                "of the bundle with their digests, is computed when the release is closed.",
            ],
            commands: [
                TrialCommand("closeout prove \(bundle) bin/payments -o payments.closeout-proof")
            ],
            files: [TrialFile("payments.closeout-proof", "everyone")],
            checks: [
                TrialCommand("(cd app && sha256sum -c ../\(bundle)/SHA256SUMS)", lines: 2),
                TrialCommand(
                    "closeout verify payments.closeout-proof --file app/bin/payments",
                    exit: proof, lines: 1),
            ])
    }

    var healthStep: TrialStep {
        let words =
            switch copy {
            case .sound: "Its copy is sound: there is nothing to accept."
            case .unread: "It has not read its copy for 120 days, which is a finding."
            case .changed: "Its copy is another file: a critical finding, which cannot be waived."
            }
        return TrialStep(
            title: "Health findings, and acceptance by an owner",
            text: [
                "The store reports what it keeps; what it does not report is unknown, and not absent.",
                words,
                "An acceptance has an owner, an approver of another team, evidence, a control and an end.",
            ],
            commands: [
                TrialCommand("closeout add \(bundle) observations.json").keeping("observations")
                    .given(
                        TrialInput(
                            path: "observations.json",
                            text: observations(
                                at: "now", hashed: copy == .unread ? "-120d" : "now")))
            ]
                + (copy == .sound ? [] : [health.keeping("finding", .behind("id "))])
                + (finding == .none ? [] : accepting),
            files: [TrialFile("observations.json", "who is given the bundle")],
            checks: [health, TrialCommand("closeout risk list \(bundle)", lines: 2)])
    }

    private var health: TrialCommand {
        TrialCommand(
            """
            closeout retention health \(bundle) --classes classes.json \\
              --observations observations.json
            """, exit: isCritical || archive == .forged ? 30 : 0, lines: 6)
    }

    private var accepting: [TrialCommand] {
        [
            TrialCommand(
                """
                closeout risk propose \(bundle) \\
                  --finding {finding} \\
                  --evidence {observations:16} --owner 'Ada Example, product team' \\
                  --reason 'the store reads it again on Sunday' \\
                  --control 'a second copy was read yesterday' --reference RISK-17 \\
                  --expires {+30d} --key keys/product.pem
                """
            ).keeping("acceptance"),
            TrialCommand(
                "closeout risk accept \(bundle) {acceptance:16} --key keys/security.pem"),
        ]
    }
}
