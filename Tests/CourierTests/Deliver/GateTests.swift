import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("deliver github-gate", .requires("python3"))
struct GateTests {
    private static let token = "canary-gate-token"

    @Test("a good decision approves the deployment, which the bundle records, and no token is told")
    func approves() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.gate("gate")])
            try scene.ask("o")
            try await scene.decide("artifacts-only")
            let result = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(result.status == 0, "\(result.stderrText)")
            #expect(result.stdoutText.hasPrefix("answer  approved\nclass   delivered\n"))
            let answers = try scene.answers()
            #expect(answers.map { $0["state"]?.text } == ["approved"])
            #expect(answers.map { $0["environment_name"]?.text } == ["production"])
            #expect(try await scene.recorded("state") == ["delivered"])
            #expect(try await scene.recorded("event") == ["decision"])
            #expect(try await scene.recorded("provider") == ["github-gate"])
            let record = try await scene.shell("grep -h closeout/delivery/ evidence/*.json")
            #expect(record.contains(#""kind":"subject""#), "\(record)")
            let told = result.stdoutText + result.stderrText
            #expect(!told.contains(Self.token) && !told.contains("localhost"))
            #expect(try await scene.shell("! grep -rl -e \(Self.token) -e localhost .") == "")
            let verified = try await scene.closeout("verify", "p-1.closeout", "--artifacts", "dist")
            #expect(verified.hasPrefix("VERIFIED"))
        }
    }

    @Test("a blocked release rejects the deployment, with an exit code of its own")
    func rejects() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.gate("gate")])
            try scene.ask("o")
            try await scene.decide("final-closeout", status: 20)
            let result = try await run(
                courierExecutable,
                ["deliver", "github-gate", "p-1.closeout", "--event", "-", "--format", "json"],
                stdin: try readFile(scene.path + "/event.json"),
                environment: DeliverScene.gateEnvironment, workingDirectory: scene.path)
            #expect(result.status == 20, "\(result.stderrText)")
            #expect(try JSON(parsing: result.stdout)["answer"]?.text == "rejected")
            #expect(try scene.answers().map { $0["state"]?.text } == ["rejected"])
            #expect(try await scene.recorded("state") == ["delivered"])
        }
    }

    @Test("without a decision that counts GitHub gets no answer, nor of a bundle that is FAILED")
    func undecided() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.gate("gate")])
            try scene.ask("o")
            let undecided = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(undecided.status == 40, "\(undecided.stderrText)")
            #expect(undecided.stderrText.contains("has no decision that counts"))
            try await scene.decide("artifacts-only")
            try writeFile("other\n", to: scene.path + "/p-1.closeout/SHA256SUMS")
            let failed = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(failed.status == 30 && failed.stderrText.contains("is FAILED"))
            #expect(!scene.isContacted)
        }
    }

    @Test("a later decision that blocks keeps the gate closed, also when its key has lost its role")
    func blockedLater() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.gate("gate")])
            try scene.ask("o")
            try await scene.decide("artifacts-only")
            try await runSuccessfully(
                "cp", ["trust.json", "old.json"], workingDirectory: scene.path)
            try await scene.decide("final-closeout", by: "eve", status: 20)
            try await runSuccessfully(
                "mv", ["old.json", "trust.json"], workingDirectory: scene.path)
            let result = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(result.status == 40, "\(result.stderrText)")
            #expect(result.stderrText.contains("a later decision blocks"))
            // Nor are others told of the decision that was blocked.
            try scene.write([try scene.route("desk", "/status/200")])
            let delivered = try await scene.courier("deliver", "p-1.closeout")
            #expect(delivered.status == 40, "\(delivered.stderrText)")
            #expect(delivered.stderrText.contains("a later decision blocks"))
            #expect(!delivered.stdoutText.contains("decision"))
            #expect(!(try await scene.recorded("event")).contains("decision"))
        }
    }

    @Test("an event whose answer would go elsewhere is refused, before a byte leaves")
    func elsewhere() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.gate("gate")])
            try await scene.decide("artifacts-only")
            let (port, other) = (try scene.port("receiver"), try scene.port("plain"))
            let path = "/repos/o/r/actions/runs/7/deployment_protection_rule"
            for callback in [
                "https://127.0.0.1:\(port)\(path)", "https://localhost:\(other)\(path)",
                "https://localhost:\(port)/repos/o/r/git/refs", "http://localhost:\(port)\(path)",
                "https://x:y@localhost:\(port)\(path)",
            ] {
                try scene.ask(callback: callback)
                let result = try await scene.answer("p-1.closeout", "--event", "event.json")
                #expect(result.status == 65, "\(callback): \(result.stderrText)")
                #expect(!result.stderrText.contains("localhost"))
            }
            try writeFile(#"{"action":"requested"}"#, to: scene.path + "/event.json")
            let result = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(result.status == 65, "\(result.stderrText)")
            #expect(!scene.isContacted)
            #expect(try await scene.recorded("state") == [])
        }
    }

    @Test("what GitHub refuses is recorded as failed, and an answer given again settles it")
    func again() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.gate("gate")])
            try await scene.decide("artifacts-only")
            try scene.ask("gone")
            let refused = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(refused.status == 30, "\(refused.stderrText)")
            try scene.ask("later")
            let later = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(later.status == 40, "\(later.stderrText)")
            #expect(try await scene.recorded("state") == ["failed", "failed"])
            let again = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(again.status == 0, "\(again.stderrText)")
            #expect(Set(try await scene.recorded("delivery")).count == 2)
            #expect(try await scene.recorded("state") == ["delivered", "failed", "failed"])
            let status = try await scene.closeout("show", "p-1.closeout", "--evidence")
            #expect(!status.contains("counts as open"), "\(status)")
        }
    }

    @Test("the route is the one of the provider, or the one that is named")
    func routes() async throws {
        try await withDeliverScene { scene in
            try scene.ask("o")
            try await scene.decide("artifacts-only")
            let desk = try scene.route("desk", "/status/200")
            try scene.write([desk])
            let none = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(none.status == 64, "\(none.stderrText)")
            try scene.write([desk, try scene.gate("one"), try scene.gate("two")])
            let two = try await scene.answer("p-1.closeout", "--event", "event.json")
            #expect(two.status == 64 && two.stderrText.contains("there are one, two"))
            for (name, status) in [("desk", 64 as Int32), ("nosuch", 64), ("two", 0)] {
                let result = try await scene.answer(
                    "p-1.closeout", "--event", "event.json", "--route", name)
                #expect(result.status == status, "\(name): \(result.stderrText)")
            }
            #expect(try await scene.recorded("route") == ["two"])
            let absent = try await scene.answer("p-1.closeout", "--event", "none", "--route", "two")
            #expect(absent.status == 66, "\(absent.stderrText)")
        }
    }
}

extension DeliverScene {
    /// The variables of every run, with the token.
    fileprivate static var gateEnvironment: [String: String?] {
        environment.merging(["GATE_TOKEN": "canary-gate-token\n"]) { $1 }
    }

    /// A route that answers.
    fileprivate func gate(_ name: String) throws -> String {
        try other(
            name, "github-gate", url: "\"\(try url(""))\"",
            settings: #"{"token":{"env":"GATE_TOKEN"}}"#)
    }

    /// Writes the event by which GitHub asks about a run of somebody's repository.
    fileprivate func ask(_ owner: String) throws {
        try ask(callback: try url("/repos/\(owner)/r/actions/runs/7/deployment_protection_rule"))
    }

    fileprivate func ask(callback: String) throws {
        try writeFile(
            """
            {"action":"requested","environment":"production","event":"push",
            "deployment_callback_url":"\(callback)"}
            """, to: path + "/event.json")
    }

    /// Records a decision by a profile.
    fileprivate func decide(
        _ criteria: String, by person: String = "dora", status: Int32 = 0
    ) async throws {
        try await closeout(
            "keygen", "--no-passphrase", "-o", person, "--trust", "trust.json", "--role", "decider")
        let result = try await run(
            closeoutExecutable,
            [
                "close", "p-1.closeout", "--criteria", criteria, "--artifacts", "dist", "--key",
                "\(person).pem",
            ], environment: Self.environment, workingDirectory: path)
        try #require(result.status == status, "\(result.stderrText)")
    }

    fileprivate func answer(_ arguments: String...) async throws -> RunResult {
        try await run(
            courierExecutable, ["deliver", "github-gate"] + arguments,
            environment: Self.gateEnvironment, workingDirectory: path)
    }

    /// What the receiver was answered.
    fileprivate func answers() throws -> [JSON] {
        String(decoding: try readFile(receiver + "/answers"), as: UTF8.self).split(separator: "\n")
            .compactMap { try? JSON(parsing: Array($0.utf8)) }
    }

    /// Whether anybody connected to the receiver.
    fileprivate var isContacted: Bool {
        guard let events = try? readFile(receiver + "/events") else { return false }
        return String(decoding: events, as: UTF8.self).contains("connection ")
    }

    /// What a line of the shell prints in the bundle.
    fileprivate func shell(_ line: String) async throws -> String {
        try await run("sh", ["-c", line], workingDirectory: path + "/p-1.closeout").stdoutText
    }
}
