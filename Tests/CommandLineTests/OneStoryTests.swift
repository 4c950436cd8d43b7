import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// What a run says in its three voices.
private struct Run {
    let status: Int32
    let failing: Int
    let results: [JSON]

    /// Runs a command that writes reports.
    init(_ scene: Scene, _ command: String) async throws {
        let result = try await scene.append(
            "\(command) --report junit=r.xml --report sarif=r.sarif")
        status = result.status
        let xml = String(decoding: try scene.bytes("r.xml"), as: UTF8.self)
        failing = xml.ranges(of: "<failure ").count + xml.ranges(of: "<error ").count
        let totals = try #require(xml.firstMatch(of: #/failures="(\d+)" errors="(\d+)"/#))
        #expect((Int(totals.1) ?? 0) + (Int(totals.2) ?? 0) == failing)
        let sarif = try JSON(parsing: scene.bytes("r.sarif"))
        guard case .array(let runs)? = sarif["runs"], case .array(let results)? = runs[0]["results"]
        else { throw MissingResults() }
        self.results = results
    }

    private struct MissingResults: Error {}

    /// The results that say that something is wrong or needed: errors, and what is open and required.
    var grave: [JSON] {
        results.filter { result in
            result["level"] == "error"
                || result["kind"] == "open" && result["properties"]?["required"] == .bool(true)
        }
    }

    /// The level of the one result of a rule.
    func level(of rule: JSON) -> JSON? { results.first { $0["ruleId"] == rule }?["level"] }
}

@Suite("One run has one story")
struct OneStoryTests {
    private static let verifying = "p-1.closeout --trust trust.json --artifacts dist --criteria "

    /// Expects that all three voices agree, and gives what was said.
    @discardableResult
    private func run(_ scene: Scene, _ command: String, _ status: Int32) async throws -> Run {
        let run = try await Run(scene, command)
        #expect(run.status == status, "\(command)")
        #expect((run.failing > 0) == (status != 0), "\(command): \(run.failing) cases fail")
        #expect(run.grave.isEmpty == (status == 0), "\(command): \(run.grave)")
        return run
    }

    @Test("of a bundle on which nothing was decided")
    func undecided() async throws {
        try await withDecider { scene in
            let ready = Self.verifying + "artifacts-only"
            let blocked = Self.verifying + "final-closeout"
            try await run(scene, "verify \(ready)", 0)
            try await run(scene, "decide \(ready)", 0)
            let verified = try await run(scene, "verify \(blocked)", 0)
            #expect(verified.level(of: "outcome") == "warning")
            let decided = try await run(scene, "decide \(blocked)", 20)
            #expect(decided.level(of: "outcome") == "error")
            let demanded = try await run(scene, "verify \(blocked) --require-decision", 40)
            #expect(demanded.level(of: "outcome") == "error")
            try await run(scene, "verify p-1.closeout --trust trust.json", 40)
            try await run(
                scene, "decide p-1.closeout --trust trust.json --criteria artifacts-only", 40)
            try await scene.shellDone("echo x >> dist/NOTES.md")
            try await run(scene, "verify \(blocked)", 30)
            try await run(scene, "decide \(ready)", 30)
            try await run(scene, "close \(ready) --key dora.pem", 30)
        }
    }

    @Test("of a bundle that was decided on, under the same criteria and under others")
    func decided() async throws {
        try await withDecider { scene in
            let ready = Self.verifying + "artifacts-only"
            let blocked = Self.verifying + "final-closeout"
            try await run(scene, "close \(ready) --key dora.pem", 0)
            try await run(scene, "verify \(ready) --require-decision", 0)
            // It was ready then, and would be blocked by what is asked now.
            try await run(scene, "verify \(blocked)", 0)
            try await run(scene, "verify \(blocked) --require-decision", 40)
            try await run(scene, "decide \(blocked)", 20)
            try await run(scene, "close \(blocked) --key dora.pem", 20)
            try await run(scene, "verify \(blocked)", 0)
            try await run(scene, "verify \(blocked) --require-decision", 30)
            // The policy names other criteria than those of the last decision.
            try await scene.shellDone("closeout trust pin trust.json artifacts-only")
            try await run(scene, "verify \(ready)", 40)
            try await run(scene, "decide \(ready)", 0)
        }
    }

    @Test("of a risk that is accepted, which fails a run only where that was asked for")
    func accepted() async throws {
        try await withDecider { scene in
            try scene.write(
                #"{"kind":"closeout/criteria/v1","id":"x","version":1,"title":"t","acceptance":{"max_days":{}},"criteria":[{"id":"T","title":"tests","check":"readiness.complete","with":{"evidence":["tests"]},"severity":"low","waivable":true}]}"#,
                to: "c.json")
            let digest = try await scene.record(
                "risk propose p-1.closeout --finding T --evidence seal.json --owner Al --reason r "
                    + "--control c --reference CHG-1 --expires 2126-01-01T00:00:00Z --key alice.pem"
            )
            try await scene.record("risk accept p-1.closeout \(digest) --key bob.pem")
            let verifying = Self.verifying + "c.json"
            try await run(scene, "decide \(verifying)", 10)
            let taken = try await run(scene, "decide \(verifying) --fail-on blocked", 0)
            #expect(taken.level(of: "criterion.T") == "warning")
            try await run(scene, "close \(verifying) --key dora.pem --fail-on blocked", 0)
            try await run(scene, "verify \(verifying)", 0)
            try await run(scene, "verify \(verifying) --require-decision", 0)
            // When the risk has run out, what was decided stands and a decision now would not.
            let late = "--as-of 2126-01-01T00:00:01Z"
            try await run(scene, "decide \(verifying) \(late)", 20)
            try await run(scene, "verify \(verifying) \(late)", 0)
            let reported = try await scene.shell("closeout verify --details \(verifying) \(late)")
            let all = lines(reported.stdoutText)
            #expect(
                all.contains {
                    $0.hasSuffix(": ready_with_accepted_risk") && $0.hasPrefix("Decided on ")
                })
            #expect(all.contains { $0.hasPrefix("Would be as of 2126-01-01T00:00:01Z: blocked") })
            let status = try await scene.shell(
                "closeout status p-1.closeout --trust trust.json --criteria c.json")
            for words in ["decided: ", "now: "] {
                #expect(lines(status.stdoutText).contains { $0.hasPrefix(words) })
            }
            let list = try await scene.shellDone(
                "closeout risk list p-1.closeout --trust trust.json")
            for words in [
                "owner Al, signed by alice", "approved by bob", "reason r", "control c",
                "reference CHG-1",
            ] { #expect(list.contains(words), "\(words)") }
        }
    }
}
