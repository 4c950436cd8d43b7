import CloseoutEncodings
import CloseoutTestSupport
import CloseoutTrial
import Testing

/// What only a started program shows of a trial: options, output and exit codes.
///
/// TrialTests tests what the steps do.
@Suite("The command trial")
struct TrialCommandTests {
    @Test(
        "shows each step in a few lines, what was decided and where to look, and ends as promised")
    func overview() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let trial = try await scene.closeout("trial")
            #expect(trial.status == 10, "\(trial.stderrText)")
            let reported = lines(trial.stdoutText)
            #expect(
                reported.last == "accepted-risk reached what it promises: "
                    + "ready_with_accepted_risk, exit code 10")
            #expect(reported.count <= 80)
            #expect(reported.contains("Criteria"))
            #expect(reported.contains { $0.contains("C4") && $0.contains("fail, accepted") })
            for line in reported { #expect(line.count <= 100, "\(line)") }
            for file in ["checklist.md", "questions.md", "decision.json", "trial.json"] {
                #expect(scene.has("closeout-trial-accepted-risk/" + file), "\(file)")
            }
        }
    }

    @Test(
        "leaves a bundle of which verify and status say the same",
        arguments: ["accepted-risk", "blocked-retention-denied", "revoked-key", "truncated-log"])
    func oneVerdict(scenario: String) async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            _ = try await scene.closeout("trial", "--scenario", scenario, "--out", "t")
            for given in [["--artifacts", "t/app"], []] {
                try await scene.expectOneVerdict(
                    "t/payments-1.4.0.closeout",
                    ["--trust", "t/trust.json", "--criteria", "t/criteria.json"] + given)
            }
        }
    }

    @Test("lists every scenario with its exit code, and prints the questions")
    func lists() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let listed = try await scene.done("trial", "--list")
            #expect(listed.count == Scenario.names.count)
            #expect(listed.contains { $0.hasPrefix("truncated-log") && $0.contains(" 30 ") })
            let questions = try await scene.done("trial", "--questions")
            #expect(questions.contains { $0.contains("maps_to") })
            #expect(questions.contains { $0.contains("routes") })
        }
    }

    @Test("ends with 70 where the promise is missed, 64 and 65 and 66 where there is no scenario")
    func failures() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            try await scene.done("trial", "--scenario", "wrong-release", "--step", "1")
            let text = String(
                decoding: try scene.bytes("closeout-trial-wrong-release/scenario.json"),
                as: UTF8.self)
            try scene.write(text.replacing("seal.release", with: "seal.format"), to: "own.json")
            let trial = try await scene.closeout("trial", "--scenario", "own.json", "--out", "t")
            #expect(trial.status == 70)
            #expect(trial.stderrText.contains("wrong-release misses its promise"))
            #expect(scene.has("t/decision.json"))
            try scene.write("{}", to: "none.json")
            #expect(try await scene.closeout("trial", "--scenario", "none.json").status == 65)
            #expect(try await scene.closeout("trial", "--scenario", "nothing").status == 64)
            #expect(try await scene.closeout("trial", "--scenario", "x/y").status == 66)
            #expect(try await scene.closeout("trial", "--step", "11").status == 64)
            #expect(try await scene.closeout("trial", "--step", "2", "--pack").status == 64)
            #expect(try await scene.closeout("trial", "--continue", "--out", "no").status == 66)
        }
    }

    @Test("refuses a folder that holds anything, and leaves it as it is")
    func folder() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            try scene.write("mine\n", to: "full/note")
            for place in ["full", "full/note"] {
                let before = try await scene.files(below: ".")
                let trial = try await scene.closeout("trial", "--out", place)
                #expect(trial.status == 73, "\(place): \(trial.stderrText)")
                #expect(try await scene.files(below: ".") == before)
            }
        }
    }

    @Test(
        "with --step shows one step whole, and --continue goes on behind it to reports and a packed file"
    )
    func continued() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let first = try await scene.done("trial", "--step", "2", "--out", "t")
            #expect(
                first.filter { $0.hasPrefix("Step ") } == [
                    "Step 2 of 10: Evidence: what is shipped"
                ])
            #expect(scene.has("t/payments-1.4.0.closeout") && !scene.has("t/readiness"))
            #expect(first.last?.contains("closeout trial --continue --out t") == true)
            let other = try await scene.closeout(
                "trial", "--continue", "--scenario", "ready", "--out", "t")
            #expect(other.status == 64)
            let rest = try await scene.closeout(
                "trial", "--continue", "--out", "t", "--pack", "--report", "html=t/run.html",
                "--report", "junit=run.xml")
            #expect(rest.status == 10, "\(rest.stderrText)")
            #expect(!rest.stdoutText.contains("Evidence: what is shipped"))
            #expect(rest.stdoutText.contains(" 3  Readiness, summary and outside signature"))
            #expect(
                String(decoding: try scene.bytes("t/run.html"), as: UTF8.self).contains("<html"))
            #expect(
                String(decoding: try scene.bytes("run.xml"), as: UTF8.self).contains("<testsuite"))
            #expect(scene.has("t/payments-1.4.0.closeout.tar"))
            let verified = try await scene.closeout(
                "verify", "t/payments-1.4.0.closeout.tar", "--trust", "t/trust.json")
            #expect(verified.status == 0, "\(verified.stderrText)")
            let again = try await scene.closeout("trial", "--continue", "--out", "t")
            #expect(again.status == 10)
            let before = try await scene.files(below: "t")
            for place in [
                "app/bin/payments", "keys/log.pem", "trust.json", "trial.json",
                "payments-1.4.0.closeout/seal.json", "run.html",
            ] {
                let over = try await scene.closeout(
                    "trial", "--continue", "--out", "t", "--report", "html=t/\(place)")
                #expect(over.status == 73, "\(place): \(over.stderrText)")
            }
            #expect(try await scene.files(below: "t") == before)
            let new = try await scene.closeout(
                "trial", "--out", "new", "--report", "html=new/trust.json")
            #expect(new.status == 73, "\(new.stderrText)")
            let verdict = try await scene.closeout(
                "verify", "new/payments-1.4.0.closeout", "--trust", "new/trust.json",
                "--artifacts", "new/app")
            #expect(verdict.status == 0, "\(verdict.stderrText)")
        }
    }

    @Test(
        "shows commands that do the same when a shell runs them as they are",
        arguments: ["accepted-risk", "forged-signature"])
    func commands(scenario: String) async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let trial = try await scene.closeout("trial", "--verbose", "--scenario", scenario)
            let commands = PrintedCommand.all(in: trial.stdoutText)
            #expect(commands.count > 35)
            let opening = commands.prefix(2).map(\.line)
            #expect(opening.first == "cd closeout-trial-\(scenario)")
            for command in commands.dropFirst(2) {
                let again = try await scene.shell(
                    """
                    rm -rf copy; cp -a closeout-trial-\(scenario) copy; cd copy
                    \(opening[1])
                    \(command.line)
                    """)
                let isMade = command.makes && [1, 65, 73].contains(again.status)
                #expect(
                    again.status == command.exit || isMade,
                    "\(command.line) ended with \(again.status): \(again.stderrText)")
            }
        }
    }
}

/// A command that a trial printed, and the exit code that it told.
private struct PrintedCommand {
    let line: String
    var exit: Int32 = 0

    /// Whether it makes something that is there when it is repeated, so that it may be refused.
    var makes: Bool {
        [
            "mkdir ", "for key ", "closeout keygen ", "closeout trust ", "closeout criteria init ",
            "closeout prove ", "closeout export public ",
        ]
        .contains { line.hasPrefix($0) } || line.hasSuffix(" --file live-run.json")
    }

    /// Each begins behind `$ ` and goes on while its lines end with a backslash.
    static func all(in text: String) -> [PrintedCommand] {
        var commands: [PrintedCommand] = []
        var goesOn = false
        for line in lines(text) {
            if goesOn {
                let before = commands.removeLast().line
                commands.append(PrintedCommand(line: before + "\n" + line))
            } else if line.hasPrefix("  $ ") {
                commands.append(PrintedCommand(line: String(line.dropFirst(4))))
            } else if line.hasPrefix("    (exit code "), !commands.isEmpty {
                commands[commands.count - 1].exit = Int32(line.dropFirst(15).dropLast()) ?? -1
                continue
            } else {
                continue
            }
            goesOn = line.hasSuffix("\\")
        }
        return commands
    }
}
