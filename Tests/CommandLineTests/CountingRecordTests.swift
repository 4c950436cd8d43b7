import CloseoutTestSupport
import Testing

extension Scene {
    /// Writes a record of these fields and links.
    fileprivate func add(_ fields: String, _ links: [(String, String)] = [], options: String = "")
        async throws -> RunResult
    {
        let list = links.map { #"{"kind":"\#($0.0)","sha256":"\#($0.1)"}"# }.joined(separator: ",")
        try write("{\(fields),\"links\":[\(list)]}", to: "r.json")
        return try await append("record add p-1.closeout --file r.json \(options)")
    }

    /// The same, which must end well.
    fileprivate func added(_ fields: String, _ links: [(String, String)] = [], options: String = "")
        async throws -> String
    {
        let result = try await add(fields, links, options: options)
        try #require(result.status == 0, "\(fields): \(result.stderrText)")
        let path = try #require(lines(result.stdoutText).last)
        return String(path.split(separator: "/")[1].prefix(64))
    }

    /// That a record is refused, for a reason, and nothing is written.
    fileprivate func refuses(
        _ fields: String, _ links: [(String, String)], _ reason: String
    ) async throws {
        let log = try bytes("p-1.closeout/log.jsonl")
        let refused = try await add(fields, links)
        #expect(refused.status == 65, "\(fields): \(refused.stderrText)")
        #expect(refused.stderrText.contains(reason), "\(refused.stderrText)")
        #expect(refused.stderrText.contains("hint: "))
        #expect(try bytes("p-1.closeout/log.jsonl") == log)
    }

    fileprivate func refuses(_ fields: String, _ reason: String) async throws {
        try await refuses(fields, [], reason)
    }

    /// Decides by the criteria in `criteria.json`.
    fileprivate func decide() async throws -> RunResult {
        try await shell(
            "closeout decide p-1.closeout --trust trust.json --criteria criteria.json --artifacts dist"
        )
    }

    fileprivate func demand(_ elements: String...) throws {
        try write(
            #"{"kind":"closeout/criteria/v1","id":"c","version":1,"title":"t","acceptance":{"max_days":{}},"criteria":["#
                + elements.joined(separator: ",") + "]}", to: "criteria.json")
    }
}

/// A delivery with one attempt.
private func delivery(
    _ id: String, _ state: String, _ outcome: String, event: String = "closeout",
    route: String = "mail", at: String = "2026-05-03T00:00:00Z"
) -> String {
    #""kind":"delivery","delivery":"\#(id)","event":"\#(event)","route":"\#(route)","provider":"smtp","state":"\#(state)","attempts":[{"at":"\#(at)","outcome":"\#(outcome)"}]"#
}

private let settled =
    #"{"id":"C4","title":"t","check":"delivery.settled","with":{"event":"closeout","routes":[]},"severity":"medium","waivable":true}"#
private let planned =
    #"{"id":"C9","title":"t","check":"retries.planned","severity":"high","waivable":false}"#

@Suite("Records that are to count")
struct CountingRecordTests {
    @Test("readiness is shown by attachments with a content, each for one thing or for a reason")
    func readiness() async throws {
        try await withStaffedRelease { scene in
            let seal = try await scene.shellDone("sha256sum p-1.closeout/seal.json | cut -c-64")
                .split(separator: "\n").joined()
            let readiness = #""kind":"readiness""#
            try await scene.refuses(
                readiness, [("tests", seal)],
                "seal.json cannot show tests: it is the bundle's seal, and no attachment")
            try scene.write("", to: "empty.txt")
            let empty = try await scene.append("record readiness p-1.closeout --tests empty.txt")
            #expect(empty.status == 65 && empty.stderrText.contains("it is empty"))
            try scene.write("all of it\n", to: "report.txt")
            try await scene.record("record readiness p-1.closeout --tests report.txt")
            let command = "record readiness p-1.closeout --sbom report.txt"
            let again = try await scene.append(command)
            #expect(again.status == 65)
            #expect(again.stderrText.contains("cannot show sbom: it shows tests already"))
            #expect(again.stderrText.contains("--shared-because"))
            let shared = try await scene.record(command + " --shared-because 'one report'")
            let text = String(
                decoding: try scene.bytes("p-1.closeout/evidence/\(shared).json"), as: UTF8.self)
            #expect(text.contains(#""kind":"closeout/readiness/v2""#))
            #expect(text.contains(#""shared_because":"one report""#))
            try scene.demand(
                #"{"id":"R","title":"t","check":"readiness.complete","with":{"evidence":["tests","sbom"]},"severity":"high","waivable":false}"#
            )
            #expect(try await scene.decide().status == 0)
        }
    }

    @Test("an open delivery is not hidden by another of the same id, over another route or event")
    func identity() async throws {
        try await withStaffedRelease { scene in
            try scene.demand(settled)
            _ = try await scene.added(delivery("1", "failed", "permanent"))
            for (event, route) in [("retention-alert", "mail"), ("closeout", "pager")] {
                _ = try await scene.added(
                    delivery("1", "delivered", "success", event: event, route: route))
                let decided = try await scene.decide()
                #expect(decided.status == 20)
                #expect(decided.stdoutText.contains("1 over mail is failed"))
            }
            _ = try await scene.added(delivery("1", "delivered", "success"))
            #expect(try await scene.decide().status == 0)
        }
    }

    @Test("a delivery is not settled by a record that belies itself, which is refused")
    func deliveries() async throws {
        try await withStaffedRelease { scene in
            try await scene.refuses(
                delivery("1", "delivered", "transient"), "its last attempt did not succeed")
            try await scene.refuses(
                delivery("1", "sent_unconfirmed", "permanent"), "its last attempt failed")
            try await scene.refuses(
                delivery("1", "duplicate", "success"),
                "it names by supersedes no delivery that the receiver has")
            let failed = try await scene.added(delivery("1", "failed", "transient"))
            try await scene.refuses(
                delivery("1", "duplicate", "success"), [("supersedes", failed)],
                "it names a delivery that is open itself")
            let early = delivery("1", "delivered", "success", at: "2026-05-02T00:00:00Z")
            try await scene.refuses(
                early, "its last attempt is before that of 2026-05-03T00:00:00Z")
            _ = try await scene.added(early, [("supersedes", failed)])
            let disorder = delivery("2", "failed", "transient").replacing(
                "]", with: #",{"at":"2026-05-02T00:00:00Z","outcome":"transient"}]"#)
            try await scene.refuses(disorder, "its attempts are not in the order of their times")
        }
    }

    @Test("a live run reports only what its plan and the reviewed dry run have, once")
    func liveRun() async throws {
        try await withStaffedRelease { scene in
            try scene.demand(settled, planned)
            let failed = try await scene.added(delivery("1", "failed", "permanent"))
            let plan = try await scene.added(
                #""kind":"retry-plan","entries":[{"delivery":"1","action":"retry","owner":"o","resolve_by":"2126-01-01T00:00:00Z","reason":"r","next_attempts":[]}]"#,
                [("delivery", failed)], options: "--by planner")
            let run = { (mode: String, results: String) in
                #""kind":"retry-run","mode":"\#(mode)","results":[\#(results)]"#
            }
            let one = #"{"delivery":"1","outcome":"would_send"}"#
            let sent = #"{"delivery":"1","outcome":"delivered"}"#
            let stray = #"{"delivery":"stray","outcome":"delivered"}"#
            try await scene.refuses(
                run("dry_run", ""), [("plan", plan)], "it would not send 1, which its plan retries")
            let dryRun = try await scene.added(
                run("dry_run", one), [("plan", plan)], options: "--by runner")
            let review = try await scene.added(
                #""kind":"retry-review","decision":"approved""#, [("run", dryRun)],
                options: "--key carol.pem")
            let links = [("plan", plan), ("review", review)]
            try await scene.refuses(
                run("live", "\(sent),\(stray)"), links,
                "it reports stray, which its plan does not have")
            try await scene.refuses(run("live", "\(sent),\(sent)"), links, "it reports 1 twice")
            _ = try await scene.added(run("live", sent), links)
            try await scene.refuses(
                run("live", sent), links, "an earlier live run used its plan, which allows one")
            _ = try await scene.added(delivery("1", "delivered", "success"))
            #expect(try await scene.decide().status == 0)
        }
    }
}

@Suite("The evidence of an acceptance")
struct AcceptanceEvidenceTests {
    private static let proposal =
        "risk propose p-1.closeout --owner Al --reason r --control c --reference CHG-1 "
        + "--expires 2126-01-01T00:00:00Z --key alice.pem"

    @Test("is found by risk propose, and named when it is another")
    func found() async throws {
        try await withStaffedRelease { scene in
            try scene.demand(
                settled.replacing("[]", with: #"["siem"]"#),
                #"{"id":"V","title":"t","check":"bundle.complete","severity":"high","waivable":false}"#
            )
            let unsaid = try await scene.append("\(Self.proposal) --finding C4")
            #expect(unsaid.status == 64)
            #expect(unsaid.stderrText.contains("--criteria FILE to have it found"))
            let proposed = try await scene.append(
                "\(Self.proposal) --finding C4 --criteria criteria.json")
            #expect(proposed.status == 0, "\(proposed.stderrText)")
            #expect(proposed.stderrText.contains("C4 rests on seal.json"))
            let record = try #require(lines(proposed.stdoutText).last)
            try await scene.record("risk accept p-1.closeout \(record) --key bob.pem")
            #expect(try await scene.decide().status == 10)
            for (finding, reason) in [
                ("V", "V is pass, and only a failure"), ("X", "X is no finding of these criteria"),
            ] {
                let refused = try await scene.append(
                    "\(Self.proposal) --finding \(finding) --criteria criteria.json")
                #expect(refused.status == 64 && refused.stderrText.contains(reason))
            }
            // What is about something else takes nothing from it, and is not told of.
            try scene.write("x\n", to: "tests.txt")
            let other = try await scene.append(
                "record readiness p-1.closeout --tests tests.txt --criteria criteria.json")
            #expect(other.status == 0 && !other.stderrText.contains("no longer fits"))
            #expect(try await scene.decide().status == 10)
            let failed = try await scene.add(
                delivery("1", "failed", "permanent"), options: "--criteria criteria.json")
            #expect(failed.status == 0)
            #expect(failed.stderrText.contains("the acceptance \(record) no longer fits: C4 now"))
            #expect(failed.stderrText.contains("closeout risk propose p-1.closeout --finding C4"))
            #expect(try await scene.decide().status == 20)
        }
    }

    @Test("of a failure that nobody can accept is not signed")
    func unacceptable() async throws {
        try await withStaffedRelease { scene in
            try scene.demand(
                settled.replacing("[]", with: #"["siem"]"#)
                    .replacing(#""waivable":true"#, with: #""waivable":false"#))
            let refused = try await scene.append(
                "\(Self.proposal) --finding C4 --criteria criteria.json")
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("C4 fails, and by its criterion nobody can accept"))
        }
    }
}
