import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutTestSupport
import Testing

@testable import CloseoutTrial

@Suite("The steps of a trial")
struct StepTests {
    @Test("each has a summary, and links to sections of documents that are there")
    func documents() async throws {
        for name in Scenario.names {
            let scenario = try Scenario.load(name)
            let steps = TrialRun.steps(of: scenario)
            #expect(steps.count == TrialRun.steps)
            for step in steps {
                #expect(!step.summary.isEmpty && !step.documents.isEmpty, "\(step.title)")
                for link in step.documents {
                    let text = String(
                        decoding: try readFile(repositoryRoot + "/" + link.path), as: UTF8.self)
                    let headings = lines(text).filter { $0.hasPrefix("#") }
                        .map { String($0.drop { $0 == "#" || $0 == " " }) }
                    #expect(headings.contains(link.section), "\(link.path) \(link.section)")
                }
            }
        }
    }

    @Test("the keys are made anew each time, and only their owner reads the private ones")
    func keys() async throws {
        try await withTrialPlace { place in
            for name in ["a", "b"] {
                var run = try place.begin("ready", in: name)
                try await run.walk(to: 1)
            }
            let keys =
                ["release", "log", "product", "records", "security", "operations", "board"]
                .map { "keys/\($0).pem" } + ["elsewhere/archive.pem"]
            for key in keys {
                #expect(try place.bytes("a/" + key) != place.bytes("b/" + key))
                let status = try fileStatus(Array("\(place.path)/a/\(key)".utf8))
                #expect(status.mode & 0o077 == 0)
            }
        }
    }

    @Test("the public-safe copy lacks every restricted record and says which were withheld")
    func publicSafe() async throws {
        try await withTrialPlace { place in
            var run = try place.begin("accepted-risk")
            let steps = try await run.walk()
            let lines = steps[8].lines
            #expect(
                lines.contains { $0.contains("restricted files withheld") && $0.contains("copied") }
            )
            for kind in [
                "delivery: 3", "retry-plan: 1", "risk-acceptance: 2", "retention-health: 1",
            ] {
                #expect(lines.contains { $0.hasSuffix("  \(kind)") }, "\(kind)")
            }
            let copy = Array("\(place.path)/t/\(TrialNames.public)".utf8)
            let contents = try await BundleReader(opening: copy, waiting: LockWait()).contents()
            #expect(try PublicView(contents).withheld.count > 10)
            let text = String(
                decoding: try await runSuccessfully(
                    "/bin/sh", ["-c", "cat \(TrialNames.public)/*/*"],
                    workingDirectory: place.path + "/t"), as: UTF8.self)
            #expect(text.contains("closeout/decision/v2"))
            #expect(!text.contains("the desk was down") && !text.contains("servicenow"))
        }
    }

    @Test(
        "the session of an agent is evidence, and keeps the bundle for as long as its own class asks"
    )
    func session() async throws {
        try await withTrialPlace { place in
            var run = try place.begin("agent-session")
            let steps = try await run.walk()
            #expect(steps[2].lines.contains { $0.contains("--change agent/session.json") })
            #expect(steps[3].lines.contains { $0.contains("--class agent-session") })
            #expect(try place.text("t/agent/session.json").contains("an agent deploys nothing"))
            #expect(try place.text("t/classes.json").contains("\"minimum\": \"P2Y\""))
            let report = try JSON(parsing: place.bytes("t/decision.json"))
            let text = String(decoding: report.canonicalBytes, as: UTF8.self)
            let end = try #require(try beginning().adding(seconds: 800 * 86_400))
            #expect(text.contains(end.description))
        }
    }

    @Test("the questions become a form that names files of the trial, with room for answers")
    func questions() async throws {
        try await withTrialPlace { place in
            var run = try place.begin("ready")
            try await run.walk()
            let form = try place.text("t/questions.md")
            #expect(form.split(separator: "- Answer:").count == PilotForm.all.count + 1)
            for question in PilotForm.all {
                #expect(form.contains(question.question) && form.contains(question.place))
                #expect(PilotForm.text.contains(question.question))
                #expect(place.has("t/" + question.file), "\(question.file)")
            }
        }
    }

    @Test("the list of what was shown is ticked where this run proves it, and nowhere else")
    func checklist() async throws {
        try await withTrialPlace { place in
            var ready = try place.begin("ready", in: "ready")
            try await ready.walk()
            let good = lines(try place.text("ready/checklist.md"))
            #expect(good.filter { $0.hasPrefix("- [x] ") }.count == 7)
            #expect(good.filter { $0.hasPrefix("- [ ] You: ") }.count == 5)
            #expect(
                good.contains { $0.hasPrefix("- [x] The decision ready_for_release is recorded") })
            var tampered = try place.begin("tampered-artifact", in: "bad")
            try await tampered.walk()
            let bad = lines(try place.text("bad/checklist.md"))
            #expect(
                bad.contains { $0.hasPrefix("- [ ] The bundle does not verify: artifact.digest") })
        }
    }

    @Test("an answer that a person wrote into the form is never written over")
    func answers() async throws {
        try await withTrialPlace { place in
            var run = try place.begin("ready")
            try await run.walk(to: 9)
            try place.write("my answers\n", to: "t/questions.md")
            try await run.walk()
            #expect(try place.text("t/questions.md") == "my answers\n")
        }
    }

    @Test("the sample is left as one packed file with the shipped files")
    func packed() async throws {
        try await withTrialPlace { place in
            var run = try place.begin("ready")
            try await run.walk()
            let path = try await run.pack()
            #expect(path == Array("\(place.path)/t/payments-1.4.0.closeout.tar".utf8))
            let reader = try await BundleReader(opening: path, waiting: LockWait())
            #expect(reader.isPacked)
        }
    }
}

/// The lines of a text.
private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}
