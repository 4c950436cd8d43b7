import CloseoutSignatures

/// Steps 4 to 6: how long it is kept, what is in the bundle, how the copies are.
extension Story {
    var retentionStep: TrialStep {
        let ruling = ruling
        return TrialStep(
            title: "Retention: approval, date and hold",
            summary: "Asked for until {+400d}. \(ruling.text)"
                + (session == .agent ? " The agent's session is kept until {+800d}." : "")
                + (hold == .placed ? " A matter is held." : ""),
            text: [
                "The product team asks for 400 days, until an instant and not a bare date.",
                ruling.text,
            ]
                + (session == .agent
                    ? [
                        "The session of the agent has a class of its own, which asks for two years and more. The",
                        "bundle is kept whole, and so until the later of the two instants.",
                    ] : []) + [
                    hold == .placed
                        ? "A matter is held: until it is released nothing ends, whatever the date says."
                        : "No matter is held."
                ],
            documents: [
                DocumentLink("records", "retention-decision"),
                DocumentLink("records", "legal-hold"),
                DocumentLink("retention", "Health"),
            ],
            actions: [.retentionRequest(of: TrialNames.bundle)] + ruling.actions
                + (session == .agent
                    ? [.sessionRetention, .retentionApproval(of: TrialNames.bundle)] : [])
                + (hold == .placed ? [.hold] : []),
            checks: [.holds, .health(exit: isRetained && archive == .signed ? 0 : 30)])
    }

    /// What the other side says to the request.
    private var ruling: (text: String, actions: [TrialAction]) {
        switch retention {
        case .approved:
            (
                "The records team, and not the one that asked, approves it.",
                [.retentionApproval(of: TrialNames.bundle)]
            )
        case .denied:
            (
                "The records team denies it. Only a later approval that names the denial undoes that.",
                [.retentionDenial]
            )
        case .selfApproved:
            (
                "The product team approves its own request with another key, under another name. The policy "
                    + "does not let that count, and it is stored all the same.",
                [
                    .keyPair("keys/desk"),
                    .trust("keys/desk", of: "product-team", .retention),
                    .retentionApproval(
                        of: TrialNames.bundle, key: "keys/desk", by: "records desk",
                        anyway: true),
                ]
            )
        }
    }

    var artifactBundle: TrialStep {
        TrialStep(
            title: "Artifact bundle and hashes",
            summary: "sha256sum finds the files as they were sealed; one file is proven by itself.",
            text: [
                "The digests are those of the very bytes that are shipped, so other tools check them too. One",
                "file can be proven without the bundle. The record artifact-bundle, which lists all files",
                "of the bundle with their digests, is computed when the release is closed.",
            ],
            documents: [
                DocumentLink("manifest", "SHA256SUMS"), DocumentLink("proof", "Verification"),
                DocumentLink("records", "artifact-bundle"),
            ],
            actions: [.proof],
            files: [TrialFile("payments.closeout-proof", "everyone")],
            checks: [.digestComparison, .proofVerification(exit: archive == .forged ? 30 : 0)])
    }

    var healthStep: TrialStep {
        let words =
            switch copy {
            case .sound: "Its copy is sound: there is nothing to accept."
            case .unread: "It has not read its copy for 120 days, which is a finding."
            case .changed: "Its copy is another file: a critical finding, which cannot be waived."
            }
        let input = TrialInput(
            path: "observations.json",
            text: observations(at: "now", hashed: copy == .unread ? "-120d" : "now"))
        return TrialStep(
            title: "Health findings, and acceptance by an owner",
            summary: "The store reports. \(words)"
                + (finding == .accepted ? " Its owner accepts it until {+30d}." : ""),
            text: [
                "The store reports what it keeps; what it does not report is unknown, and not absent.",
                words,
                "An acceptance has an owner, an approver of another team, evidence, a control and an end.",
            ],
            documents: [
                DocumentLink("retention", "Observations"), DocumentLink("retention", "Checks"),
                DocumentLink("criteria", "Acceptance"),
            ],
            actions: [TrialAction.observations.given(input)] + (copy == .sound ? [] : [health])
                + (finding == .none ? [] : TrialAction.findingAcceptance),
            files: [TrialFile("observations.json", "who is given the bundle")],
            checks: [health, .risks])
    }

    private var health: TrialAction {
        .health("observations.json", exit: isCritical || archive == .forged ? 30 : 0)
    }
}
