import CloseoutEncodings
import CloseoutFiles
import CloseoutTestSupport
import Testing

@testable import CloseoutTrial

/// An instant at which trials of tests begin.
func beginning() throws -> Instant {
    try #require(Instant(parsing: Array("2026-03-01T09:00:00Z".utf8)))
}

/// A folder for trials, which goes away.
struct TrialPlace {
    let path: String

    /// The bytes of the path of a folder for a trial.
    func folder(_ name: String = "t") -> [UInt8] { Array("\(path)/\(name)".utf8) }

    /// A trial of a scenario, before its first step.
    func begin(_ scenario: String, in name: String = "t") throws -> TrialRun {
        try TrialRun.begin(Scenario.load(scenario), in: folder(name), now: try beginning())
    }

    /// The trial of a folder, as somebody goes on with it.
    func resume(_ name: String = "t") throws -> TrialRun {
        try TrialRun.resume(in: folder(name), now: try beginning())
    }

    func bytes(_ file: String) throws -> [UInt8] { try readFile("\(path)/\(file)") }

    func text(_ file: String) throws -> String { String(decoding: try bytes(file), as: UTF8.self) }

    func has(_ file: String) -> Bool { (try? fileStatus(Array("\(path)/\(file)".utf8))) != nil }

    func write(_ text: String, to file: String) throws {
        try writeFile(text, to: "\(path)/\(file)")
    }
}

func withTrialPlace<Result>(
    _ body: (TrialPlace) async throws -> Result
) async throws -> Result {
    try await withTemporaryDirectory { try await body(TrialPlace(path: $0)) }
}

extension TrialRun {
    /// Takes all steps that are left, or those up to one.
    @discardableResult
    mutating func walk(to last: Int = TrialRun.steps) async throws -> [StepAccount] {
        var steps: [StepAccount] = []
        while reached < last, let step = try await next() { steps.append(step) }
        return steps
    }
}
