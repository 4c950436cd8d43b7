extension Profile {
    static let finalCloseoutText = """
        {
          "kind": "closeout/criteria/v1",
          "id": "final-closeout",
          "version": 1,
          "title": "A release is closed out: signed, evidenced, retained and delivered",
          "acceptance": {
            "max_active": 5,
            "max_days": {"low": 90, "medium": 90, "high": 60, "critical": 30}
          },
          "criteria": [
            {
              "id": "C1",
              "title": "Readiness is shown by all seven pieces of evidence",
              "check": "readiness.complete",
              "with": {
                "evidence": [
                  "summary", "approval", "release-record", "closure-packet", "auditor-export",
                  "archive-health", "alert"
                ]
              },
              "severity": "high",
              "waivable": false
            },
            {
              "id": "C2",
              "title": "The seal is signed for the archive, and no private key is in the bundle",
              "check": "seal.signed",
              "with": {"role": "archive", "operators": 1},
              "severity": "critical",
              "waivable": false
            },
            {
              "id": "C3",
              "title": "The closeout is closed: nothing that it needs is open",
              "check": "closeout.closed",
              "with": {"criteria": ["C1", "C2", "C6", "C11"]},
              "severity": "critical",
              "waivable": false
            },
            {
              "id": "C4",
              "title": "The closeout is delivered",
              "check": "delivery.settled",
              "with": {"event": "closeout", "routes": []},
              "severity": "medium",
              "waivable": true
            },
            {
              "id": "C5",
              "title": "Retention is approved and has not run out",
              "check": "retention.approved",
              "with": {"classes": []},
              "severity": "critical",
              "waivable": false
            },
            {
              "id": "C6",
              "title": "The artifact bundle is complete, and every file has its digest",
              "check": "bundle.complete",
              "severity": "critical",
              "waivable": false
            },
            {
              "id": "C7",
              "title": "Retention is healthy, or each finding is accepted by its owner",
              "check": "retention.healthy",
              "with": {"at_or_above": "low", "observed": false},
              "severity": "high",
              "waivable": true
            },
            {
              "id": "C8",
              "title": "Alerts that retention calls for are delivered or suppressed with a reason",
              "check": "alerts.settled",
              "with": {"routes": []},
              "severity": "medium",
              "waivable": true
            },
            {
              "id": "C9",
              "title": "Every failed delivery has a plan and a reviewed dry run",
              "check": "retries.planned",
              "severity": "high",
              "waivable": false
            },
            {
              "id": "C10",
              "title": "The documentation of the release is at hand",
              "check": "readiness.complete",
              "with": {"evidence": ["documentation"]},
              "severity": "low",
              "waivable": true
            },
            {
              "id": "C11",
              "title": "All shipped files are VERIFIED",
              "check": "artifacts.verified",
              "severity": "critical",
              "waivable": false
            }
          ]
        }

        """

    static let releaseText = """
        {
          "kind": "closeout/criteria/v1",
          "id": "release",
          "version": 1,
          "title": "A release has its test results and bill of materials, is approved, signed by two and kept",
          "acceptance": {
            "max_active": 3,
            "max_days": {"low": 90, "medium": 90, "high": 60, "critical": 30}
          },
          "criteria": [
            {
              "id": "R1",
              "title": "All shipped files are VERIFIED",
              "check": "artifacts.verified",
              "severity": "critical",
              "waivable": false
            },
            {
              "id": "R2",
              "title": "The artifact bundle is complete, and every file has its digest",
              "check": "bundle.complete",
              "severity": "critical",
              "waivable": false
            },
            {
              "id": "R3",
              "title": "Two operators signed the seal for the release",
              "check": "seal.signed",
              "with": {"role": "release", "operators": 2},
              "severity": "critical",
              "waivable": false
            },
            {
              "id": "R4",
              "title": "The results of the tests are in the bundle",
              "check": "readiness.complete",
              "with": {"evidence": ["tests"]},
              "severity": "high",
              "waivable": true
            },
            {
              "id": "R5",
              "title": "A bill of materials is in the bundle",
              "check": "readiness.complete",
              "with": {"evidence": ["sbom"]},
              "severity": "high",
              "waivable": true
            },
            {
              "id": "R6",
              "title": "The approval of the release is in the bundle",
              "check": "readiness.complete",
              "with": {"evidence": ["approval"]},
              "severity": "high",
              "waivable": false
            },
            {
              "id": "R7",
              "title": "Retention is approved and has not run out",
              "check": "retention.approved",
              "with": {"classes": []},
              "severity": "critical",
              "waivable": false
            }
          ]
        }

        """

    static let artifactsOnlyText = """
        {
          "kind": "closeout/criteria/v1",
          "id": "artifacts-only",
          "version": 1,
          "title": "The shipped files are signed and unchanged",
          "acceptance": {"max_days": {}},
          "criteria": [
            {
              "id": "A1",
              "title": "All shipped files are VERIFIED",
              "check": "artifacts.verified",
              "severity": "critical",
              "waivable": false
            },
            {
              "id": "A2",
              "title": "The seal is signed for the release",
              "check": "seal.signed",
              "with": {"role": "release", "operators": 1},
              "severity": "critical",
              "waivable": false
            },
            {
              "id": "A3",
              "title": "The artifact bundle is complete, and every file has its digest",
              "check": "bundle.complete",
              "severity": "critical",
              "waivable": false
            }
          ]
        }

        """
}
