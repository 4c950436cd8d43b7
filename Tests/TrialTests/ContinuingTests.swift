import CloseoutEncodings
import CloseoutFiles
import CloseoutTestSupport
import CloseoutWorkflows
import Testing

@testable import CloseoutTrial

@Suite("Going on with a trial")
struct ContinuingTrialTests {
    @Test("a trial that is taken up again after each step ends as one in a single walk")
    func stepByStep() async throws {
        try await withTrialPlace { place in
            var run = try place.begin("accepted-risk")
            for step in 1...TrialRun.steps {
                #expect(try await run.next()?.number == step)
                run = try place.resume()
                #expect(run.reached == step)
            }
            #expect(try await run.next() == nil)
            #expect(try await run.end().isKept)
        }
    }

    @Test(
        "after a step that failed on the way it goes on at the action that failed, and repeats none"
    )
    func interrupted() async throws {
        try await withTrialPlace { place in
            var run = try place.begin("accepted-risk")
            try await run.walk(to: 7)
            try place.write("{}\n", to: "t/dry-run.json")
            await #expect(throws: WorkflowError.self) { try await run.walk() }
            let plan = try place.entries()
            var again = try place.resume()
            await #expect(throws: WorkflowError.self) { try await again.walk() }
            #expect(try place.entries() == plan)
            try Directory.open(place.folder()).remove(Array("dry-run.json".utf8))
            again = try place.resume()
            try await again.walk()
            #expect(try await again.end().isKept)
        }
    }

    @Test(
        "what a person added meanwhile counts, and an example that they wrote themselves is taken")
    func tolerant() async throws {
        try await withTrialPlace { place in
            var run = try place.begin("accepted-risk")
            try await run.walk(to: 5)
            try place.write("notes of a person\n", to: "t/notes.txt")
            let desk = Desk(folder: place.folder(), now: try beginning(), values: [:])
            _ = try await desk.add("notes.txt")
            let own = Story.delivery(
                "closeout-siem", "closeout", route: "siem", provider: "elastic", attempts: [200])
            try place.write(
                own.replacing("{now}", with: try beginning().description), to: "t/siem.json")
            run = try place.resume()
            try await run.walk()
            #expect(try await run.end().isKept)
            #expect(try place.text("t/siem.json").contains("elastic"))
            #expect(try place.text("t/decision.json").contains("VERIFIED"))
        }
    }

    @Test(
        "of a folder that is no trial's it says so, and what is wrong with a state that is damaged")
    func noTrial() async throws {
        try await withTrialPlace { place in
            try makeDirectory(place.path + "/t")
            let missing = #expect(throws: WorkflowError.self) { try place.resume() }
            #expect(missing?.refusal?.kind == .missing)
            #expect(missing?.description.contains("is no folder of a trial") == true)
            try place.write(#"{"kind":"closeout/trial/v1","steps":11}"#, to: "t/trial.json")
            let damaged = #expect(throws: WorkflowError.self) { try place.resume() }
            #expect(damaged?.refusal?.kind == .malformed)
            #expect(damaged?.description.contains("trial.json") == true)
        }
    }

    @Test("a trial is begun in an empty folder, and nothing is changed where there is anything")
    func folders() async throws {
        try await withTrialPlace { place in
            try makeDirectory(place.path + "/t")
            _ = try place.begin("ready")
            let again = #expect(throws: WorkflowError.self) { try place.begin("ready") }
            #expect(again?.refusal?.kind == .cannotCreate)
            #expect(again?.refusal?.hint?.contains("--continue") == true)
            try place.write("mine\n", to: "file")
            #expect(throws: WorkflowError.self) { try place.begin("ready", in: "file") }
            #expect(try place.text("file") == "mine\n")
        }
    }

    @Test("before the last step there is no end, and behind it no step")
    func unfinished() async throws {
        try await withTrialPlace { place in
            var run = try place.begin("ready")
            try await run.walk(to: 1)
            let error = await #expect(throws: WorkflowError.self) { try await run.end() }
            #expect(error?.refusal?.kind == .usage)
        }
    }
}

extension TrialPlace {
    /// How many lines the bundle's log has.
    fileprivate func entries() throws -> Int {
        try bytes("t/payments-1.4.0.closeout/log.jsonl").split(separator: UInt8(ascii: "\n")).count
    }
}
