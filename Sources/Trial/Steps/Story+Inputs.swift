/// The files from elsewhere that the steps are given, as examples.
extension Story {
    /// The program that is shipped.
    static let program = "#!/bin/sh\necho paid\n"

    /// The retention classes.
    var classes: String {
        let others =
            session == .agent
            ? ",\n    {\"id\": \"agent-session\", \"minimum\": \"P2Y\", \"mode\": \"governance\"}"
            : ""
        return """
            {
              "kind": "closeout/retention-classes/v1",
              "warning": "P30D",
              "freshness": "P7D",
              "classes": [
                {"id": "release", "minimum": "P1Y", "mode": "governance"}\(others)
              ]
            }

            """
    }

    /// What the program that wrote the change was asked, what it did, and what it was kept from.
    static let sessionRecord = TrialInput(
        path: "agent/session.json",
        text: """
            {
              "kind": "synthetic/agent-session/v1",
              "session": "session-0042",
              "agent": "a coding agent, synthetic",
              "asked_by": "Ada Example, product team",
              "began": "{now}",
              "events": [
                {"seq": 1, "type": "task", "text": "say in the README that amounts are rounded to even"},
                {"seq": 2, "type": "tool", "tool": "read-file", "target": "README.txt", "decision": "allowed"},
                {"seq": 3, "type": "tool", "tool": "write-file", "target": "README.txt", "decision": "allowed"},
                {
                  "seq": 4, "type": "tool", "tool": "shell", "target": "deploy production",
                  "decision": "denied", "rule": "an agent deploys nothing"
                },
                {
                  "seq": 5, "type": "tool", "tool": "shell", "target": "run the tests",
                  "decision": "approved", "by": "Ada Example, product team"
                }
              ]
            }

            """)

    /// A script that does what closeout refuses: it puts any file into the log of a bundle.
    static let insider = TrialInput(
        path: "insider.sh",
        text: #"""
            # insider.sh BUNDLE KIND FILE: puts a file into a bundle's log without asking closeout.
            set -e
            case $2 in
            signature) folder=signatures ending=dsse.json type=application/vnd.dsse.envelope.v1+json ;;
            evidence) folder=evidence ending=json type=application/vnd.closeout.record.v1+json ;;
            esac
            sum=$(sha256sum "$3" | cut -d ' ' -f 1)
            cp "$3" "$1/$folder/$sum.$ending"
            at=$(tail -n 1 "$1/log.jsonl" | sed 's/{"at":"\([^"]*\).*/\1/')
            printf '{"at":"%s","kind":"%s","media_type":"%s","path":"%s","seq":%d,"sha256":"%s","size":%d}\n' \
              "$at" "$2" "$type" "$folder/$sum.$ending" "$(wc -l <"$1/log.jsonl")" "$sum" \
              "$(wc -c <"$3")" >>"$1/log.jsonl"

            """#)

    /// What the store reports of its copy.
    ///
    /// - Parameters:
    ///   - at: When it reports; a name of an instant.
    ///   - hashed: When it last read the whole copy; the same.
    /// - Returns: The report.
    func observations(at: String, hashed: String) -> String {
        let found = copy == .changed ? String(repeating: "0", count: 64) : "{program}"
        return """
            {
              "kind": "closeout/observations/v1",
              "provider": "object-store",
              "at": "{\(at)}",
              "expected": 1,
              "copies": [
                {
                  "name": "payments-1.4.0/bin/payments",
                  "original": "{program}", "sha256": "\(found)", "hashed_at": "{\(hashed)}",
                  "until": "{\(session == .agent ? "+800d" : "+400d")}", "mode": "governance", "locked": true, "bypass": false,
                  "held": \(hold == .placed)
                }
              ]
            }

            """
    }

    /// A delivery as a connector would record it.
    static func delivery(
        _ id: String, _ event: String, route: String, provider: String, attempts: [Int],
        links: String = "[]"
    ) -> String {
        let list = attempts.map { status in
            """
            {"at": "{now}", "outcome": "\(status < 300 ? "success" : "transient")", "status": \(status)}
            """
        }
        let state = attempts.last.map { $0 < 300 } == true ? "delivered" : "failed"
        return """
            {
              "kind": "delivery", "delivery": "\(id)", "event": "\(event)",
              "route": "\(route)", "provider": "\(provider)", "state": "\(state)",
              "attempts": [\(list.joined(separator: ", "))],
              "links": \(links)
            }

            """
    }

    /// A delivery that was not made, because nothing calls for it.
    static let suppressed = """
        {
          "kind": "delivery", "delivery": "alert-1", "event": "retention-alert",
          "route": "records-desk", "provider": "webhook", "state": "suppressed",
          "attempts": [], "reason": "retention has no finding"
        }

        """

    /// What is to be done about the delivery that failed.
    static let plan = """
        {
          "kind": "retry-plan",
          "entries": [
            {
              "delivery": "closeout-itsm", "action": "retry", "owner": "operations-team",
              "resolve_by": "{+60d}", "reason": "the desk answered 503",
              "next_attempts": ["{+1d}"]
            }
          ],
          "links": [{"kind": "delivery", "sha256": "{failed}"}]
        }

        """

    /// A run of the plan that sends nothing.
    static let dryRun = """
        {
          "kind": "retry-run", "mode": "dry_run",
          "results": [{"delivery": "closeout-itsm", "outcome": "would_send"}],
          "links": [{"kind": "plan", "sha256": "{plan}"}]
        }

        """

    /// Another's word on that run.
    static let review = """
        {
          "kind": "retry-review", "decision": "approved",
          "links": [{"kind": "run", "sha256": "{dry-run}"}]
        }

        """

    /// The run that sends.
    static let liveRun = """
        {
          "kind": "retry-run", "mode": "live",
          "results": [{"delivery": "closeout-itsm", "outcome": "delivered"}],
          "links": [
            {"kind": "plan", "sha256": "{plan}"},
            {"kind": "review", "sha256": "{review}"},
            {"kind": "delivery", "sha256": "{again}"}
          ]
        }

        """
}
