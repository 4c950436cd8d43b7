import CloseoutEncodings
import CloseoutFiles
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import FoundationEssentials
import Testing

@testable import CloseoutTrial

@Suite("Scenarios")
struct ScenarioTests {
    @Test("the ones in the program are the files of the sources, and docs/trial.md lists them all")
    func embedded() throws {
        let folder = repositoryRoot + "/Sources/Trial/Scenarios"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.sorted() == Scenario.names.map { $0 + ".json" }.sorted())
        let document = String(
            decoding: try readFile(repositoryRoot + "/docs/trial.md"), as: UTF8.self)
        for name in Scenario.names {
            let scenario = try Scenario.load(name)
            #expect(scenario.name == name)
            #expect(try scenario.bytes == readFile("\(folder)/\(name).json"))
            #expect(document.contains("\n| `\(name)` | \(scenario.promise.exit) | "))
        }
    }

    @Test(
        "each reaches what it promises, and neither age nor loss makes that better",
        arguments: Scenario.names)
    func promise(name: String) async throws {
        try await withTrialPlace { place in
            var run = try place.begin(name)
            let steps = try await run.walk()
            #expect(steps.map(\.number) == Array(1...10))
            let end = try await run.end()
            #expect(end.reached == run.scenario.promise)
            #expect(end.isKept)
            let lines = steps.flatMap { $0.account + $0.overview } + end.table
            for line in lines { #expect(line.count <= 100, "\(line)") }
            #expect(steps.flatMap(\.overview).count + end.table.count <= 70)
            let report = try JSON(parsing: place.bytes("t/decision.json"))
            #expect(report["verdict"] == JSON(end.reached.verdict.rawValue))
            try await run.neverBetter(at: place)
        }
    }

    @Test("a scenario that promises something else misses it, and says what it is")
    func missed() async throws {
        let text = String(decoding: try Scenario.load("wrong-release").bytes, as: UTF8.self)
        let other = text.replacing("seal.release", with: "seal.format")
        try #require(other != text)
        try await withTrialPlace { place in
            try place.write(other, to: "own.json")
            let scenario = try Scenario.load(place.path + "/own.json")
            var run = try TrialRun.begin(scenario, in: place.folder(), now: try beginning())
            try await run.walk()
            let end = try await run.end()
            #expect(!end.isKept)
            #expect(end.reached.words == "FAILED with seal.release")
        }
    }

    @Test("a step whose command ends otherwise than the scenario says is an error of the trial")
    func missedStep() async throws {
        let text = String(decoding: try Scenario.load("wrong-release").bytes, as: UTF8.self)
        try await withTrialPlace { place in
            try place.write(
                text.replacing(#""exit": 30"#, with: #""exit": 20"#), to: "own.json")
            let scenario = try Scenario.load(place.path + "/own.json")
            var run = try TrialRun.begin(scenario, in: place.folder(), now: try beginning())
            let error = await #expect(throws: WorkflowError.self) { try await run.walk() }
            #expect(error?.refusal?.kind == .internal)
            #expect(error?.description.contains("exit code 30 and not 20") == true)
            #expect(run.reached == 8)
        }
    }

    @Test(
        "a file that is no scenario is refused, with its place",
        arguments: [("placed", "lost"), (#""hold""#, #""holt""#), (#""promise""#, #""x""#)])
    func malformed(word: String, other: String) async throws {
        let text = String(decoding: try Scenario.load("legal-hold").bytes, as: UTF8.self)
        try await withTrialPlace { place in
            try place.write(text.replacing(word, with: other), to: "own.json")
            let error = #expect(throws: WorkflowError.self) {
                try Scenario.load(place.path + "/own.json")
            }
            #expect(error?.refusal?.kind == .malformed)
            #expect(error?.description.contains("own.json") == true)
        }
    }

    @Test("a name that nothing has, and a file that is not there, are different failures")
    func unknown() throws {
        #expect(
            #expect(throws: WorkflowError.self) { try Scenario.load("nothing") }?.refusal?.kind
                == .usage)
        guard
            case .file = #expect(
                throws: WorkflowError.self, performing: { try Scenario.load("none.json") })
        else {
            Issue.record("a missing file is an error of that file")
            return
        }
    }
}

extension WorkflowError {
    /// The refusal, where it is one.
    var refusal: Refusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}

extension TrialRun {
    /// Demands that the result gets no better as time goes by, and that no decision is
    /// made where any one record is lost.
    fileprivate func neverBetter(at place: TrialPlace) async throws {
        let now = try beginning()
        var ranks: [Int] = []
        for days: Int64 in [0, 29, 31, 61, 401] {
            let moment = try #require(now.adding(seconds: days * 86_400 + 60))
            let exit = try await decide(at: place, moment)
            ranks.append([0: 3, 10: 2, 20: 1][exit] ?? 0)
        }
        #expect(ranks == ranks.sorted(by: >))
        let folder = try Directory.open(
            Array("\(place.path)/t/payments-1.4.0.closeout/evidence".utf8))
        let records = try folder.entries().map(\.name)
        #expect(records.count > 8)
        // Every fourth record, unless all are asked for; which those are depends on their digests.
        for name in isExhaustive
            ? records : records.enumerated().filter({ $0.offset % 4 == 0 }).map(\.element)
        {
            let bytes = try folder.read(name, limit: 1 << 20)
            try folder.remove(name)
            let exit = try await decide(at: place, now)
            #expect([30, 40].contains(exit), "without \(String(decoding: name, as: UTF8.self))")
            try folder.write(new: name, bytes)
        }
    }

    /// The exit code of `decide` at an instant, by the first observations.
    private func decide(at place: TrialPlace, _ moment: Instant) async throws -> Int32 {
        let desk = Desk(
            folder: place.folder(), now: try beginning(), values: ["moment": moment.description])
        return try await desk.check(Desk.Question(moment: "moment", observations: nil)).report
            .decidingExit
    }
}
