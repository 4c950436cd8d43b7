import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("A trial")
struct TrialTests {
    @Test(
        "of every scenario comes to what it promises, and neither loss nor age makes that better",
        arguments: try fixtures(in: "scenarios"))
    func scenarios(fixture: Fixture) async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let trial = try await scene.closeout("trial", "--scenario", fixture.name)
            let exit = try #require(fixture["exit"].flatMap { Int32($0) })
            try #require(trial.status == exit, "\(trial.stderrText)")
            let reported = lines(trial.stdoutText)
            let end = fixture["outcome"] ?? fixture["verdict"] ?? ""
            #expect(
                reported.last
                    == "\(fixture.name) reached what it promises: \(end), exit code \(exit)")
            #expect(reported.filter { $0.hasPrefix("Step ") }.count == 10)
            for line in reported { #expect(line.count <= 100, "\(line)") }
            let folder = "closeout-trial-\(fixture.name)"
            let report = try ReportReading(
                parsing: try scene.bytes(folder + "/decision.json"))
            #expect(report.verdict == fixture["verdict"])
            #expect(report.open == fixture.values("finding"))
            for given in [["--artifacts", folder + "/app"], []] {
                try await scene.expectOneVerdict(
                    folder + "/payments-1.4.0.closeout",
                    ["--trust", folder + "/trust.json", "--criteria", folder + "/criteria.json"]
                        + given)
            }
            try await scene.neverBetter(in: folder)
        }
    }

    @Test("lists every scenario with its exit code, and no other")
    func list() async throws {
        try await withTemporaryDirectory { path in
            let listed = try await Scene(path: path).done("trial", "--list").map {
                $0.split(separator: " ").prefix(2).joined(separator: " ")
            }
            let promised = try fixtures(in: "scenarios").map { "\($0.name) \($0["exit"] ?? "")" }
            #expect(listed.sorted() == promised.sorted())
        }
    }

    @Test(
        "that misses its promise ends with 70 and says so",
        arguments: [("seal.release", "seal.format"), (#""exit": 30"#, #""exit": 20"#)])
    func missed(promise: String, other: String) async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            try await scene.done("trial", "--scenario", "wrong-release", "--step", "1")
            let text = String(
                decoding: try scene.bytes("closeout-trial-wrong-release/scenario.json"),
                as: UTF8.self)
            #expect(text.contains(promise))
            try scene.write(text.replacing(promise, with: other), to: "own.json")
            let trial = try await scene.closeout("trial", "--scenario", "own.json", "--out", "t")
            #expect(trial.status == 70)
            #expect(trial.stderrText.contains("wrong-release misses its promise"))
            #expect(scene.has("t/decision.json"))
        }
    }

    @Test("takes no scenario that it does not know, or whose file is wrong")
    func unknown() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            #expect(try await scene.closeout("trial", "--scenario", "nothing").status == 64)
            #expect(try await scene.closeout("trial", "--scenario", "none.json").status == 66)
            try await scene.done("trial", "--scenario", "legal-hold", "--step", "1")
            let text = String(
                decoding: try scene.bytes("closeout-trial-legal-hold/scenario.json"),
                as: UTF8.self)
            for (word, other) in [
                ("placed", "lost"), (#""hold""#, #""holt""#), (#""promise""#, #""x""#),
            ] {
                try scene.write(text.replacing(word, with: other), to: "own.json")
                let trial = try await scene.closeout("trial", "--scenario", "own.json")
                #expect(trial.status == 65, "\(trial.stderrText)")
            }
        }
    }

    @Test("with --step stops behind a step and tells it alone")
    func step() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let reported = try await scene.done("trial", "--step", "2", "--out", "t")
            #expect(reported.filter { $0.hasPrefix("Step ") }.count == 1)
            #expect(reported.contains("Step 2 of 10: Evidence: what is shipped"))
            #expect(scene.has("t/payments-1.4.0.closeout"))
            #expect(!scene.has("t/readiness"))
            #expect(try await scene.closeout("trial", "--step", "11").status == 64)
        }
    }

    @Test("takes an empty folder, and changes nothing where there is anything")
    func folder() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            try makeDirectory(path + "/empty")
            try await scene.done("trial", "--step", "1", "--out", "empty")
            try scene.write("mine\n", to: "full/note")
            for place in ["full", "full/note", "empty"] {
                let before = try await scene.files(below: ".")
                let trial = try await scene.closeout("trial", "--out", place)
                #expect(trial.status == 73, "\(place): \(trial.stderrText)")
                #expect(try await scene.files(below: ".") == before)
            }
            #expect(try scene.bytes("full/note") == Array("mine\n".utf8))
        }
    }

    @Test("makes fresh keys each time, which only their owner reads")
    func keys() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            for name in ["a", "b"] {
                try await scene.done("trial", "--step", "1", "--out", name)
            }
            let keys = try await scene.files(below: "a").filter { $0.hasSuffix(".pem") }
            #expect(keys.count == 16)
            for key in keys {
                #expect(try scene.bytes(key) != scene.bytes("b" + key.dropFirst()))
            }
            let readable = try await scene.shellDone(
                "find . -name '*.pem' ! -name '*.pub.pem' -perm /077")
            #expect(readable.isEmpty)
        }
    }

    @Test("names files for the answers to its questions that a trial has")
    func questions() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let text = try await scene.done("trial", "--questions")
            try await scene.done("trial", "--step", "3", "--out", "t")
            let files = text.filter { $0.hasPrefix("  ") }.compactMap {
                $0.split(separator: ":").first.map { String($0.dropFirst(2)) }
            }
            #expect(files.count == 5)
            for file in files { #expect(scene.has("t/" + file), "\(file)") }
            #expect(text.contains { $0.contains("maps_to") })
            #expect(text.contains { $0.contains("routes") })
        }
    }

    @Test("prints commands that do the same when they are repeated as they stand")
    func commands() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let trial = try await scene.closeout("trial")
            let commands = PrintedCommand.all(in: trial.stdoutText)
            #expect(commands.count > 35)
            let opening = commands.prefix(2).map(\.line)
            #expect(opening.first == "cd closeout-trial-accepted-risk")
            for command in commands.dropFirst(2) {
                let again = try await scene.shell(
                    """
                    rm -rf copy; cp -a closeout-trial-accepted-risk copy; cd copy
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
        ["mkdir ", "for key ", "closeout keygen ", "closeout trust ", "closeout criteria init "]
            .contains { line.hasPrefix($0) } || line.hasPrefix("closeout prove ")
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

extension ReportReading {
    /// The criteria that are not fulfilled, or, where the bundle is not VERIFIED, what fails.
    fileprivate var open: [String] {
        let results = verdict == "VERIFIED" ? json["decision"]?["now"]?["results"] : json["checks"]
        let statuses = verdict == "VERIFIED" ? ["fail", "unknown"] : ["fail"]
        return (results?.elements ?? []).filter { statuses.contains($0["status"]?.text ?? "") }
            .compactMap { $0["id"]?.text }
    }
}

extension Scene {
    /// Demands that a bundle's judgement gets no better as time goes by, and that it is no decision
    /// where any one record is lost.
    fileprivate func neverBetter(in folder: String) async throws {
        let reported = try await shellDone(
            """
            cd \(folder); export CLOSEOUT_TRUST=trust.json
            decide() {
              code=0
              closeout decide payments-1.4.0.closeout --artifacts app --criteria criteria.json \\
                "$@" >/dev/null 2>&1 || code=$?
              echo $code
            }
            for days in 0 29 31 61 401; do
              decide --as-of $(date -u -d "now + $days days + 1 minute" +%Y-%m-%dT%H:%M:%SZ)
            done
            echo lost
            for record in payments-1.4.0.closeout/evidence/*; do
              mv $record lost; decide; mv lost $record
            done
            """)
        let parts = reported.split(separator: "lost\n").map {
            lines(String($0)).compactMap { Int($0) }
        }
        try #require(parts.count == 2)
        let ranks = parts[0].map { [0: 3, 10: 2, 20: 1][$0] ?? 0 }
        #expect(ranks.count == 5)
        #expect(ranks == ranks.sorted(by: >), "\(parts[0])")
        #expect(parts[1].count > 8)
        #expect(parts[1].allSatisfy { $0 == 30 || $0 == 40 }, "\(parts[1])")
    }
}
