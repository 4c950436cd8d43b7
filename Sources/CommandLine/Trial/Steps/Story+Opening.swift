import CloseoutRecords

/// Steps 1 to 3: who does what, what is shipped, what shows that it is ready.
extension Story {
    private var bundle: String { TrialNames.bundle }

    var operatingModel: TrialStep {
        let kinds = { (visibility: Visibility) in
            RecordKind.names { $0.defaultVisibility == visibility }.joined(separator: ", ")
        }
        return TrialStep(
            title: "Operating model, and what is public-safe",
            text: [
                "Seven teams, each with a key of its own, made just now. Nobody does another's part: who",
                "asks for retention cannot approve it, and who owns a risk cannot accept it alone. Policy,",
                "criteria and retention classes are the auditor's, and lie outside the bundle.",
                "Public records: \(kinds(.public)).",
                "Restricted records: \(kinds(.restricted)).",
            ],
            commands: [
                TrialCommand("mkdir keys elsewhere").given(
                    TrialInput(path: "classes.json", text: Self.classes)),
                TrialCommand(
                    """
                    for key in release log product records security operations board; do \\
                      closeout keygen --no-passphrase -o keys/$key; done
                    """),
                TrialCommand("closeout keygen --no-passphrase -o elsewhere/archive"),
                TrialCommand(
                    """
                    closeout trust init trust.json keys/release.pub.pem --operator release-team \\
                      --role release
                    """),
            ]
                + [
                    ("keys/log", "release-team", "--role log"),
                    ("elsewhere/archive", "archive-team", "--role archive"),
                    ("keys/product", "product-team", "--role requester --role risk-owner"),
                    ("keys/records", "records-team", "--role retention --role hold"),
                    ("keys/security", "security-team", "--role risk-approver"),
                    ("keys/operations", "operations-team", "--role delivery"),
                    ("keys/board", "release-board", "--role decider"),
                ].map { key, team, roles in
                    TrialCommand(
                        """
                        closeout trust add trust.json \(key).pub.pem --operator \(team) \\
                          \(roles)
                        """)
                } + [TrialCommand("closeout criteria init -o criteria.json")],
            files: [
                TrialFile("keys/*.pem", "its team alone"),
                TrialFile("elsewhere/archive.pem", "the archive alone"),
                TrialFile("trust.json", "everyone"),
                TrialFile("criteria.json", "everyone"),
                TrialFile("classes.json", "everyone"),
            ],
            checks: [
                TrialCommand("closeout trust lint trust.json", lines: 1),
                TrialCommand("closeout criteria lint criteria.json", lines: 1),
            ])
    }

    var evidence: TrialStep {
        TrialStep(
            title: "Evidence: what is shipped",
            text: [
                "Every shipped file is hashed. The small file seal.json names the digest of that list, and",
                "is what everybody signs from now on. Each further file of the bundle is one line of a log.",
            ],
            commands: [
                TrialCommand(
                    "closeout seal app --release payments@1.4.0 --key keys/release.pem"
                ).given(
                    TrialInput(path: "app/bin/payments", text: Self.program, isExecutable: true),
                    TrialInput(
                        path: "app/README.txt", text: "payments 1.4.0, a synthetic release\n"))
            ],
            files: [TrialFile("app/", "whom it is shipped to")],
            checks: [TrialCommand("closeout show \(bundle) --files", lines: 3)])
    }

    var readinessStep: TrialStep {
        let kinds =
            [
                "summary", "approval", "release-record", "closure-packet", "auditor-export",
                "archive-health", "alert", "documentation",
            ].filter { readiness == .complete || $0 != "approval" }
        let isForged = archive == .forged
        return TrialStep(
            title: "Readiness, summary and outside signature",
            text: [
                "The evidence is stored, and linked by its digest: what it says, nobody has checked. The",
                "archive signs on a machine of its own, on a copy; its signature is verified before it is",
                "stored. The closeout summary is computed from all this when the release is closed.",
            ]
                + (readiness == .complete ? [] : ["The approval of readiness is missing."])
                + (isForged
                    ? [
                        "The archive has not signed: a stranger did, and wrote the archive's key id on it.",
                        "That is refused. Somebody who holds the log key puts it into the bundle all the same.",
                    ] : []),
            commands: [
                TrialCommand(
                    "closeout record readiness \(bundle) \\\n"
                        + pairs(kinds.map { "--\($0) readiness/\($0).txt" })
                ).given(
                    kinds.map {
                        TrialInput(path: "readiness/\($0).txt", text: "synthetic: \($0)\n")
                    }),
                TrialCommand("cp -R \(bundle) elsewhere/"),
            ] + (isForged ? forging : signing),
            checks: [
                TrialCommand(
                    "closeout verify \(bundle) --artifacts app", exit: isForged ? 30 : 0, lines: 1)
            ])
    }

    private var signing: [TrialCommand] {
        [
            TrialCommand(
                "closeout sign elsewhere/\(bundle) --key elsewhere/archive.pem"
            ).keeping("archive"),
            TrialCommand(
                """
                closeout attach \(bundle) \\
                  elsewhere/\(bundle)/signatures/{archive:16}*
                """),
        ]
    }

    private var forging: [TrialCommand] {
        [
            TrialCommand("closeout keygen --no-passphrase -o elsewhere/stranger"),
            TrialCommand(
                "closeout sign elsewhere/\(bundle) --key elsewhere/stranger.pem"
            ).keeping("forged"),
            TrialCommand(
                "closeout keygen --public elsewhere/archive.pub.pem"
            ).keeping("archive"),
            TrialCommand(
                """
                sed \\
                  's/\\(keyid":"\\)[^"]*/\\1{archive}/' \\
                  elsewhere/\(bundle)/signatures/{forged:16}* >forged.dsse.json
                """),
            TrialCommand("closeout attach \(bundle) forged.dsse.json", exit: 30),
            TrialCommand("sh insider.sh \(bundle) signature forged.dsse.json").given(Self.insider),
            TrialCommand("closeout checkpoint \(bundle) --key keys/log.pem"),
        ]
    }

    /// Options, two on a line.
    private func pairs(_ options: [String]) -> String {
        stride(from: 0, to: options.count, by: 2)
            .map { "  " + options[$0..<min($0 + 2, options.count)].joined(separator: " ") }
            .joined(separator: " \\\n")
    }
}
