import CloseoutTestSupport
import Testing

extension Scene {
    /// Writes a record with its own fields, and one link.
    ///
    /// - Returns: The command that adds it.
    fileprivate func recordFile(
        _ kind: String, _ fields: String, _ link: String, to digest: String
    ) throws -> String {
        try write(
            #"{"kind":"\#(kind)",\#(fields),"links":[{"kind":"\#(link)","sha256":"\#(digest)"}]}"#,
            to: "r.json")
        return "record add p-1.closeout --file r.json"
    }

    /// A delivery that failed, as a record.
    fileprivate func failedDelivery() async throws -> String {
        try write(
            #"{"kind":"delivery","delivery":"d-1","event":"closeout","route":"crm","provider":"webhook","state":"failed","attempts":[{"at":"2026-05-03T00:00:00Z","outcome":"transient"}]}"#,
            to: "d.json")
        return try await record("record add p-1.closeout --file d.json")
    }
}

@Suite("Links of records that are written")
struct RecordLinkTests {
    private static let plan =
        #""entries":[{"delivery":"d-1","action":"retry","owner":"Al","resolve_by":"2126-01-01T00:00:00Z","reason":"down","next_attempts":[]}]"#
    private static let run =
        #""mode":"dry_run","results":[{"delivery":"d-1","outcome":"would_send"}]"#
    private static let request =
        "retention request p-1.closeout --class c --until 2033-06-30T23:59:59Z --reason r"
    private static let proposal =
        "risk propose p-1.closeout --finding C4 --evidence seal.json --owner Al --reason r "
        + "--control c --reference CHG-1 --expires 2126-01-01T00:00:00Z"

    @Test("a link to a file of the wrong kind is refused before anything is written")
    func wrongKind() async throws {
        try await withStaffedRelease { scene in
            let delivery = try await scene.failedDelivery()
            let readiness = try await scene.record(
                "record readiness p-1.closeout --reference tests=JOB-7")
            let seal = try await scene.shellDone("sha256sum p-1.closeout/seal.json | cut -c-64")
                .split(separator: "\n").joined()
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            let isDelivery = "which is a delivery record and must be a"
            func refuses(_ command: String, _ words: String...) async throws {
                let refused = try await scene.append(command)
                #expect(refused.status == 65, "\(command): \(refused.stderrText)")
                for word in words { #expect(refused.stderrText.contains(word), "\(command)") }
                #expect(try scene.bytes("p-1.closeout/log.jsonl") == log, "\(command)")
            }
            try await refuses(
                "\(Self.request) --supersedes \(delivery)",
                "the record links to \(delivery) as supersedes, \(isDelivery) retention-request or")
            try await refuses(
                "\(Self.proposal) --supersedes \(readiness)",
                "as supersedes, which is a readiness record and must be a risk-acceptance record")
            for (kind, fields, link, digest, words) in [
                ("retry-plan", Self.plan, "delivery", readiness, "which is a readiness record"),
                ("retry-plan", Self.plan, "delivery", seal, "which is no record and must be a del"),
                ("retry-run", Self.run, "plan", delivery, "\(isDelivery) retry-plan record"),
                (
                    "retry-review", #""decision":"approved""#, "run", delivery,
                    "\(isDelivery) retry-run record"
                ),
                (
                    "retention-decision", #""decision":"denied""#, "request", delivery,
                    "\(isDelivery) retention-request record"
                ),
                (
                    "legal-hold", #""action":"release","matter":"m","reason":"r""#, "placement",
                    delivery, "\(isDelivery) legal-hold record"
                ),
                (
                    "risk-acceptance", #""action":"revoke","reason":"r""#, "acceptance", delivery,
                    "\(isDelivery) risk-acceptance record"
                ),
                (
                    "retry-plan", Self.plan, "delivery", String(repeating: "0", count: 64),
                    "which no earlier log entry names"
                ),
            ] {
                try await refuses(
                    scene.recordFile(kind, fields, link, to: digest),
                    "links to \(digest)", words)
            }
            let verified = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
            #expect(verified.status == 0)
        }
    }

    @Test("a link to a record that cannot be read is refused")
    func unread() async throws {
        try await withStaffedRelease { scene in
            let delivery = try await scene.failedDelivery()
            try await scene.shellDone("printf x > p-1.closeout/evidence/\(delivery).json")
            let refused = try await scene.shell(
                "closeout "
                    + scene.recordFile("retry-plan", Self.plan, "delivery", to: delivery))
            #expect(refused.status == 65)
            #expect(refused.stderrText.contains("which cannot be read and must be a delivery"))
        }
    }

    @Test("--supersedes is for records of the kinds that can undo something, and refused elsewhere")
    func supersedes() async throws {
        try await withStaffedRelease { scene in
            try scene.write("{}", to: "f.json")
            try scene.write(
                #"{"kind":"legal-hold","action":"place","matter":"m","custodian":"c","reason":"r"}"#,
                to: "h.json")
            let delivery = try await scene.failedDelivery()
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            for command in [
                "record readiness p-1.closeout --sbom f.json",
                "hold place p-1.closeout --matter m --custodian c --reason r",
                "hold release p-1.closeout --matter m --reason r",
                "risk revoke p-1.closeout \(delivery) --reason r",
                "record add p-1.closeout --file h.json",
            ] {
                for name in [delivery, "nope"] {
                    let refused = try await scene.append("\(command) --supersedes \(name)")
                    #expect(refused.status == 64, "\(command)")
                    #expect(refused.stderrText.contains("--supersedes"))
                }
            }
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
        }
    }

    @Test("a live run without a review is recorded, and said to be final")
    func liveRun() async throws {
        try await withStaffedRelease { scene in
            let delivery = try await scene.failedDelivery()
            let plan = try await scene.record(
                scene.recordFile("retry-plan", Self.plan, "delivery", to: delivery))
            let live = #""mode":"live","results":[{"delivery":"d-1","outcome":"delivered"}]"#
            let reported = try await scene.append(
                scene.recordFile("retry-run", live, "plan", to: plan))
            #expect(reported.status == 0)
            #expect(
                reported.stderrText.contains(
                    "warning: it takes effect at once, and nothing undoes it: it names no review "
                        + "of a dry run, and what was sent cannot be unsent"))
            #expect(!reported.stderrText.contains("does not count yet"))
        }
    }

    @Test("without a policy nothing is said of a review that only the policy decides")
    func reviewWithoutPolicy() async throws {
        try await withStaffedRelease { scene in
            let delivery = try await scene.failedDelivery()
            let plan = try await scene.record(
                scene.recordFile("retry-plan", Self.plan, "delivery", to: delivery) + " --by Al")
            let run = try await scene.record(
                scene.recordFile("retry-run", Self.run, "plan", to: plan) + " --by Al")
            let review = try await scene.record(
                scene.recordFile("retry-review", #""decision":"approved""#, "run", to: run)
                    + " --key carol.pem")
            let results = #""mode":"live","results":[{"delivery":"d-1","outcome":"delivered"}]"#
            let links = [("plan", plan), ("review", review)]
                .map { #"{"kind":"\#($0.0)","sha256":"\#($0.1)"}"# }.joined(separator: ",")
            try scene.write(
                #"{"kind":"retry-run",\#(results),"links":[\#(links)]}"#, to: "live.json")
            let reported = try await scene.closeout(
                "record", "add", "p-1.closeout", "--file", "live.json", "--log-key", "release.pem",
                "--by", "Al")
            #expect(reported.status == 0, "\(reported.stderrText)")
            #expect(reported.stderrText.contains("no policy was given, so it is not known"))
            #expect(!reported.stderrText.contains("for good"))
            let known = try await scene.append("status p-1.closeout")
            #expect(!known.stderrText.contains("for good"))
        }
    }

    @Test("a review of a run that nobody made is said to need a signature of the run")
    func anonymousRun() async throws {
        try await withStaffedRelease { scene in
            let delivery = try await scene.failedDelivery()
            let plan = try await scene.record(
                scene.recordFile("retry-plan", Self.plan, "delivery", to: delivery) + " --by Al")
            let run = try await scene.record(
                scene.recordFile("retry-run", Self.run, "plan", to: plan))
            let approval = try scene.recordFile(
                "retry-review", #""decision":"approved""#, "run", to: run)
            let reported = try await scene.append("\(approval) --key carol.pem")
            #expect(
                reported.stderrText.contains(
                    "hint: closeout record sign p-1.closeout \(run) --key KEY\n"))
            let denial = try await scene.append(
                scene.recordFile("retry-review", #""decision":"denied""#, "run", to: run))
            #expect(
                denial.stderrText.contains(
                    "it takes effect at once, whoever signed it: the run is denied"))
        }
    }
}
