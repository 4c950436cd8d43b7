import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutRecords
import CloseoutVerification

/// Walks through a closeout with synthetic evidence and fresh keys (docs/command-line.md, "trial").
struct Trial: CloseoutCommand {
    static let configuration = CommandConfiguration(
        abstract: "Walk through a whole closeout with synthetic evidence and fresh keys.")

    @OptionGroup var common: CommonOptions

    @Option(
        help: ArgumentHelp("The scenario: its name, or its file.", valueName: "name|file"),
        completion: .list(Scenario.names))
    var scenario = "accepted-risk"

    @Flag(help: "List the scenarios and what each promises.")
    var list = false

    @Flag(help: "List the questions to settle before a pilot.")
    var questions = false

    @Option(help: ArgumentHelp("Stop after this step, and show only it.", valueName: "1-10"))
    var step: Int?

    @Option(
        help: ArgumentHelp(
            "The folder to work in; default ./closeout-trial-SCENARIO.", valueName: "dir"),
        completion: .file(), transform: pathArgument)
    var out: [UInt8]?

    func validate() throws {
        if let step, !(1...10).contains(step) {
            throw ValidationError("there are steps 1 to 10")
        }
        if list && questions { throw ValidationError("--list and --questions exclude each other") }
    }

    func execute(_ context: Context) async throws {
        if list { return try context.console.result(Self.listing()) }
        if questions { return try context.console.result(DiscoveryQuestion.text) }
        let scenario = try Scenario.load(scenario)
        let folder = out ?? Array("closeout-trial-\(scenario.name)".utf8)
        try Self.prepare(folder)
        var run = try TrialRun(scenario, in: folder, now: context.now)
        try context.console.result(Self.head(scenario, folder))
        for (index, reported) in TrialRun.steps(of: scenario).enumerated() {
            if let step, index >= step { break }
            let lines = try await run.take(reported)
            guard step == nil || step == index + 1 else { continue }
            let title = "\nStep \(index + 1) of 10: \(reported.title)"
            try context.console.result(([title] + lines).joined(separator: "\n") + "\n")
        }
        if let step, step < 10 {
            let last =
                "\nstep \(step) of 10 was reached; run it without --step for the whole trial\n"
            return try context.console.result(last)
        }
        try end(try run.outcome(), scenario, context)
    }

    /// Compares what was reached with what was promised, and ends with its exit code.
    private func end(
        _ reached: Scenario.Promise, _ scenario: Scenario, _ context: Context
    ) throws {
        let promise = scenario.promise
        guard reached == promise else {
            throw CommandFailure(
                .internal,
                "\(scenario.name) misses its promise of \(Self.words(promise)): it is "
                    + Self.words(reached), hint: "its folder is kept; decision.json tells more")
        }
        if !promise.findings.isEmpty {
            try context.console.result("\nfound: \(promise.findings.joined(separator: ", "))")
        }
        let end = promise.outcome?.rawValue ?? promise.verdict.rawValue
        try context.console.result(
            "\n\(scenario.name) reached what it promises: \(end), exit code \(promise.exit)\n")
        guard promise.exit == 0 else { throw ExitCode(promise.exit) }
    }

    /// Makes the folder, unless it is there and empty.
    ///
    /// - Throws: `CommandFailure` where it holds anything, or is no folder.
    private static func prepare(_ folder: [UInt8]) throws {
        try demandOutside(folder)
        guard let name = Path.split(folder).name else {
            throw CommandFailure(.usage, "\(printable(folder)) has no name of its own")
        }
        let parent = try Directory.openParent(ofNew: folder, to: .makeDirectory)
        if try parent.makeDirectoryIfFree(name) { return }
        guard try parent.status(of: name).kind == .directory,
            try parent.open(name).entries().isEmpty
        else {
            throw CommandFailure(
                .cannotCreate, "\(printable(folder)) is there and not empty",
                hint: "choose another folder with --out")
        }
    }

    private static func head(_ scenario: Scenario, _ folder: [UInt8]) -> String {
        let variables = TrialNames.environment.map { "\($0)=\($1)" }.joined(separator: " ")
        return """
            Trial of a final closeout: \(scenario.name)
            \(printable(Array(scenario.title.utf8)))

            Everything is synthetic, and the keys were made just now. To repeat a command, first:
              $ cd \(shellQuoted(folder))
              $ export \(variables)

            """
    }

    /// The result of a bundle, in words.
    private static func words(_ promise: Scenario.Promise) -> String {
        let end = promise.outcome?.rawValue ?? promise.verdict.rawValue
        return end + " with " + (promise.findings.isEmpty ? "nothing" : "")
            + promise.findings.joined(separator: ", ")
    }

    private static func listing() throws -> String {
        let width = 1 + (Scenario.names.map(\.count).max() ?? 0)
        return try Scenario.names.map { name in
            let scenario = try Scenario.load(name)
            let exit = padded("\(scenario.promise.exit)", 4)
            return padded(name, width) + exit + scenario.title + "\n"
        }.joined()
    }
}
