import CloseoutRecords
import CloseoutSignatures

/// Steps 1 to 3: who does what, what is shipped, what shows that it is ready.
extension Story {
    var operatingModel: TrialStep {
        let kinds = { (visibility: Visibility) in
            RecordKind.names { $0.defaultVisibility == visibility }.joined(separator: ", ")
        }
        return TrialStep(
            title: "Operating model, and what is public-safe",
            summary: "Seven teams with a key each, a policy, eleven criteria, "
                + (session == .agent ? "two retention classes." : "one retention class."),
            text: [
                "Seven teams, each with a key of its own, made just now. Nobody does another's part: who",
                "asks for retention cannot approve it, and who owns a risk cannot accept it alone. Policy,",
                "criteria and retention classes are the auditor's, and lie outside the bundle.",
                "Public records: \(kinds(.public)).",
                "Restricted records: \(kinds(.restricted)).",
                "Step 9 makes the copy of the bundle that everyone may see.",
            ],
            documents: [
                DocumentLink("trust-policy", "Roles"), DocumentLink("records", "Visibility"),
                DocumentLink("criteria", "Profiles"),
            ],
            actions: [
                .folders("keys", "elsewhere").given(
                    TrialInput(path: "classes.json", text: classes)),
                .keyPairs([
                    "release", "log", "product", "records", "security", "operations", "board",
                ]),
                .keyPair("elsewhere/archive"),
                .policy("keys/release", of: "release-team", .release),
                .trust("keys/log", of: "release-team", .log),
                .trust("elsewhere/archive", of: "archive-team", .archive),
                .trust("keys/product", of: "product-team", .requester, .riskOwner),
                .trust("keys/records", of: "records-team", .retention, .hold),
                .trust("keys/security", of: "security-team", .riskApprover),
                .trust("keys/operations", of: "operations-team", .delivery),
                .trust("keys/board", of: "release-board", .decider),
                .criteria,
            ],
            files: [
                TrialFile("keys/*.pem", "its team alone"),
                TrialFile("elsewhere/archive.pem", "the archive alone"),
                TrialFile("trust.json", "everyone"),
                TrialFile("criteria.json", "everyone"),
                TrialFile("classes.json", "everyone"),
            ],
            checks: [.policyLint, .criteriaLint])
    }

    var evidence: TrialStep {
        TrialStep(
            title: "Evidence: what is shipped",
            summary: "Two files are hashed and sealed; the release team signs the seal.",
            text: [
                "Every shipped file is hashed. The small file seal.json names the digest of that list, and",
                "is what everybody signs from now on. Each further file of the bundle is one line of a log.",
            ],
            documents: [
                DocumentLink("seal", "Signing"), DocumentLink("manifest", "SHA256SUMS"),
                DocumentLink("log", "What it proves"),
            ],
            actions: [
                TrialAction.seal("1.4.0").given(
                    TrialInput(path: "app/bin/payments", text: Self.program, isExecutable: true),
                    TrialInput(
                        path: "app/README.txt", text: "payments 1.4.0, a synthetic release\n"))
            ],
            files: [TrialFile("app/", "whom it is shipped to")],
            checks: [.digests])
    }

    var readinessStep: TrialStep {
        let all: [CloseoutRecords.Readiness.Evidence] = [
            .summary, .approval, .releaseRecord, .closurePacket, .auditorExport, .archiveHealth,
            .alert, .documentation,
        ]
        let kinds = all.filter { readiness == .complete || $0 != .approval }
        let texts = kinds.map {
            ($0, TrialInput(path: "readiness/\($0.rawValue).txt", text: "synthetic: \($0)\n"))
        }
        let sessions: [(CloseoutRecords.Readiness.Evidence, TrialInput)] =
            session == .agent ? [(.change, Self.sessionRecord)] : []
        let isForged = archive == .forged
        return TrialStep(
            title: "Readiness, summary and outside signature",
            summary: (readiness == .complete
                ? "\(session == .agent ? "Nine" : "Eight") pieces of evidence are stored"
                : "Seven pieces of evidence are stored; the approval is missing")
                + (isForged
                    ? ". A stranger signs in the name of the archive."
                    : ". The archive signs on its own machine.")
                + (session == .agent ? " The session of the agent is among them." : ""),
            text: [
                "The evidence is stored, and linked by its digest: what it says, nobody has checked. The",
                "archive signs on a machine of its own, on a copy; its signature is verified before it is",
                "stored. The closeout summary is computed from all this when the release is closed.",
            ]
                + (session == .agent
                    ? [
                        "A program wrote the change. What it was asked, what it did and what it was kept from is",
                        "evidence of the change, and has a retention class of its own.",
                    ] : [])
                + (readiness == .complete ? [] : ["The approval of readiness is missing."])
                + (isForged
                    ? [
                        "The archive has not signed: a stranger did, and wrote the archive's key id on it.",
                        "That is refused. Somebody who holds the log key puts it into the bundle all the same.",
                    ] : []),
            documents: [
                DocumentLink("records", "readiness"), DocumentLink("signatures", "DSSE"),
                DocumentLink("criteria", "Readiness"),
            ],
            actions: [.readiness(texts + sessions), .copying] + (isForged ? forging : signing),
            checks: [.verification(exit: isForged ? 30 : 0)])
    }

    private var signing: [TrialAction] {
        [.signature(by: "elsewhere/archive", as: "archive"), .attachment]
    }

    private var forging: [TrialAction] {
        [
            .keyPair("elsewhere/stranger"),
            .signature(by: "elsewhere/stranger", as: "forged"),
            .fingerprint(of: "elsewhere/archive", as: "archive"),
            .forgery, .forgedAttachment, TrialAction.forgedEntry.given(Self.insider), .checkpoint,
        ]
    }
}
