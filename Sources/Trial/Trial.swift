// A trial of a final closeout: ten steps from keys to the decision, with synthetic evidence and keys that
// are made for it, in a folder of its own. A scenario says what happens on the way and promises how it
// ends (docs/trial.md).
//
// Each step is a value: its texts, its actions, its checks. An action has the command line that is shown to
// a person, and the workflow that does the same in this process. Nothing is printed, and no process is
// started. `TrialRun.resume` goes on in a folder where a run has stopped.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let scenario = try Scenario.load("ready")
//     var trial = try TrialRun.begin(scenario, in: Array("\(place)/trial".utf8), now: now)
//     var overview: [String] = []
//     while let step = try await trial.next() { overview += step.overview }
//     let end = try await trial.end()
