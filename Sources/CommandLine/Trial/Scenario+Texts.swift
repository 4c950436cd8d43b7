extension Scenario {
    /// The scenarios that are compiled in, with their exact files.
    static let texts: [(name: String, text: String)] = [
        (
            "ready",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "ready",
              "title": "Everything is there; a delivery that failed was sent again after a reviewed dry run.",
              "story": {},
              "promise": {"exit": 0, "verdict": "VERIFIED", "outcome": "ready_for_release", "findings": []}
            }

            """
        ),
        (
            "accepted-risk",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "accepted-risk",
              "title": "A delivery failed and a copy was not read for long; their owner accepts both for a time.",
              "story": {"copy": "unread", "finding": "accepted", "delivery": "planned", "failure": "accepted"},
              "promise": {"exit": 10, "verdict": "VERIFIED", "outcome": "ready_with_accepted_risk", "findings": ["C4", "C7"]}
            }

            """
        ),
        (
            "blocked-open-closeout",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "blocked-open-closeout",
              "title": "The approval of readiness is missing, so the closeout is open.",
              "story": {"readiness": "unapproved"},
              "promise": {"exit": 20, "verdict": "VERIFIED", "outcome": "blocked", "findings": ["C1", "C3"]}
            }

            """
        ),
        (
            "blocked-retention-denied",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "blocked-retention-denied",
              "title": "Retention was asked for and denied.",
              "story": {"retention": "denied"},
              "promise": {"exit": 20, "verdict": "VERIFIED", "outcome": "blocked", "findings": ["C5", "C7"]}
            }

            """
        ),
        (
            "blocked-retention-expired",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "blocked-retention-expired",
              "title": "The date of the retention has passed.",
              "story": {"judged": "after-retention"},
              "promise": {"exit": 20, "verdict": "VERIFIED", "outcome": "blocked", "findings": ["C5", "C7"]}
            }

            """
        ),
        (
            "blocked-no-retry-plan",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "blocked-no-retry-plan",
              "title": "A delivery failed, and nobody has planned what is to be done.",
              "story": {"delivery": "unplanned", "failure": "accepted"},
              "promise": {"exit": 20, "verdict": "VERIFIED", "outcome": "blocked", "findings": ["C4", "C9"]}
            }

            """
        ),
        (
            "blocked-critical-finding",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "blocked-critical-finding",
              "title": "A copy in the store is another file, which cannot be waived.",
              "story": {"copy": "changed", "finding": "accepted"},
              "promise": {"exit": 20, "verdict": "VERIFIED", "outcome": "blocked", "findings": ["C7"]}
            }

            """
        ),
        (
            "legal-hold",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "legal-hold",
              "title": "The date of the retention has passed, and a legal matter holds everything.",
              "story": {"hold": "placed", "judged": "after-retention"},
              "promise": {"exit": 0, "verdict": "VERIFIED", "outcome": "ready_for_release", "findings": []}
            }

            """
        ),
        (
            "expired-acceptance",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "expired-acceptance",
              "title": "The acceptance of a failed delivery has ended.",
              "story": {"delivery": "planned", "failure": "accepted", "judged": "after-acceptance"},
              "promise": {"exit": 20, "verdict": "VERIFIED", "outcome": "blocked", "findings": ["C4"]}
            }

            """
        ),
        (
            "self-approved",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "self-approved",
              "title": "A team approved its own request for retention under another name.",
              "story": {"retention": "self-approved"},
              "promise": {"exit": 20, "verdict": "VERIFIED", "outcome": "blocked", "findings": ["C5", "C7"]}
            }

            """
        ),
        (
            "tampered-artifact",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "tampered-artifact",
              "title": "A shipped file was changed after the release was closed.",
              "story": {"later": "artifact-changed"},
              "promise": {"exit": 30, "verdict": "FAILED", "findings": ["artifact.digest"]}
            }

            """
        ),
        (
            "forged-signature",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "forged-signature",
              "title": "Somebody else signed in the name of the archive.",
              "story": {"archive": "forged"},
              "promise": {"exit": 30, "verdict": "FAILED", "findings": ["signature.valid"]}
            }

            """
        ),
        (
            "revoked-key",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "revoked-key",
              "title": "The key of the archive was stolen.",
              "story": {"later": "key-revoked"},
              "promise": {"exit": 30, "verdict": "FAILED", "findings": ["signature.key-revoked", "signature.threshold"]}
            }

            """
        ),
        (
            "replayed-approval",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "replayed-approval",
              "title": "The approval of another release was put into the bundle.",
              "story": {"later": "approval-replayed"},
              "promise": {"exit": 30, "verdict": "FAILED", "findings": ["record.release", "record.seal", "record.link"]}
            }

            """
        ),
        (
            "truncated-log",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "truncated-log",
              "title": "The newest record was taken out of the log.",
              "story": {"later": "log-truncated"},
              "promise": {"exit": 30, "verdict": "FAILED", "findings": ["log.root", "record.signature"]}
            }

            """
        ),
        (
            "wrong-release",
            """
            {
              "kind": "closeout/scenario/v1",
              "name": "wrong-release",
              "title": "A genuine bundle of one release is given for another.",
              "story": {"judged": "as-other-release"},
              "promise": {"exit": 30, "verdict": "FAILED", "findings": ["seal.release"]}
            }

            """
        ),
    ]
}
