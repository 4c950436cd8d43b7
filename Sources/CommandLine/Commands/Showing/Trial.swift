import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutReports
import CloseoutTrial
import CloseoutVerification
import CloseoutWorkflows

/// Walks through a closeout with synthetic evidence and fresh keys (docs/command-line.md, "trial").
struct TrialCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Walk through a whole closeout with synthetic evidence and fresh keys.")

    @OptionGroup var common: CommonOptions

    @Option(
        help: ArgumentHelp(
            "The scenario: its name, or its file; default \(Self.usual).",
            valueName: "name|file"),
        completion: .list(Scenario.names))
    var scenario: String?

    @Flag(help: "List the scenarios and what each promises.")
    var list = false

    @Flag(help: "List the questions to settle before a pilot.")
    var questions = false

    @Option(help: ArgumentHelp("Stop after this step, and show it whole.", valueName: "1-10"))
    var step: Int?

    @Flag(name: .customLong("continue"), help: "Go on after the last step that the folder has.")
    var isContinued = false

    @Flag(help: "Show each step whole: the commands, what was recorded, what to read.")
    var verbose = false

    @Flag(help: "Leave the bundle with its files as one packed file too.")
    var pack = false

    @Option(
        help: ArgumentHelp(
            "The folder to work in; default ./closeout-trial-SCENARIO.", valueName: "dir"),
        completion: .file(), transform: pathArgument)
    var out: [UInt8]?

    @OptionGroup var reports: ReportFileOptions

    private static let usual = "accepted-risk"

    func validate() throws {
        if let step, !(1...TrialRun.steps).contains(step) {
            throw ValidationError("there are steps 1 to \(TrialRun.steps)")
        }
        if list && questions { throw ValidationError("--list and --questions exclude each other") }
        if isPartial, pack || !reports.report.isEmpty {
            throw ValidationError(
                "--pack and --report are for a whole trial, and not for --step \(step ?? 0)")
        }
    }

    /// Whether not all steps are to be taken.
    private var isPartial: Bool { step.map { $0 < TrialRun.steps } ?? false }

    func execute(_ context: Context) async throws {
        if list { return try context.console.result(Self.listing()) }
        if questions { return try context.console.result(PilotForm.text) }
        let console = context.console
        var run = try begin(context)
        // Now that the folder is there, a report may lie in it.
        _ = try places(run)
        try console.result(head(run) + "\n")
        while run.reached < step ?? TrialRun.steps, let taken = try await run.next() {
            guard step == nil || step == taken.number else { continue }
            let lines = verbose || step != nil ? [""] + taken.account : taken.overview
            try console.result(lines.joined(separator: "\n") + "\n")
        }
        guard run.reached == TrialRun.steps else {
            return try console.result(
                "\nstep \(run.reached) of \(TrialRun.steps) was reached; go on with: closeout trial "
                    + "--continue --out \(shellQuoted(folder(run.scenario)))\n")
        }
        try await finish(run, places(run), console)
    }

    /// Where the reports go: over nothing that the trial has made so far.
    private func places(_ run: TrialRun) throws -> ReportPlaces {
        var inputs = CommandInputs()
        (inputs.files, inputs.folders) = try run.places()
        return try reports.places(sparing: inputs)
    }

    /// Begins the trial, or goes on with it.
    private func begin(_ context: Context) throws -> TrialRun {
        guard isContinued else {
            let scenario = try Scenario.load(scenario ?? Self.usual)
            let folder = folder(scenario)
            try demandOutside(folder)
            return try TrialRun.begin(scenario, in: folder, now: context.now)
        }
        let scenario =
            out == nil || scenario != nil ? try Scenario.load(scenario ?? Self.usual) : nil
        let place = out ?? scenario.map(folder) ?? []
        let run = try TrialRun.resume(in: place, now: context.now)
        if let scenario, run.scenario.bytes != scenario.bytes {
            throw CommandFailure(
                .usage,
                "\(printable(place)) is a trial of \(run.scenario.name) and not of \(scenario.name)",
                hint: "give no --scenario with --continue")
        }
        return run
    }

    private func folder(_ scenario: Scenario) -> [UInt8] {
        out ?? Array("closeout-trial-\(scenario.name)".utf8)
    }

    /// Says what was reached, leaves what was asked for, and ends with the promised exit code.
    private func finish(
        _ run: TrialRun, _ places: ReportPlaces, _ console: Console
    ) async throws {
        let end = try await run.end()
        guard end.isKept else {
            throw CommandFailure(
                .internal,
                "\(run.scenario.name) misses its promise of \(run.scenario.promise.words): it is "
                    + end.reached.words, hint: "its folder is kept; decision.json has the report")
        }
        let purpose: ReportPurpose =
            end.reached.outcome == nil ? .verifying : .deciding(acceptsRisk: false)
        for report in try places.make(end.report, for: purpose) {
            try report.file.write(report.content)
        }
        if pack {
            do throws(WorkflowError) {
                console.note("packed: \(printable(try await run.pack()))")
            } catch {
                console.warning("it is not packed: \(error)")
            }
        }
        let whole = verbose || step != nil
        let lines = (whole ? [] : [""] + end.table + [""] + further(run)) + [""] + end.lines
        try console.result(lines.joined(separator: "\n") + "\n")
        guard end.reached.exit == 0 else { throw ExitCode(end.reached.exit) }
    }

    private func head(_ run: TrialRun) -> String {
        let lines = [
            "Trial of a final closeout: \(run.scenario.name)", printable(run.scenario.title), "",
        ]
        guard verbose || step != nil else {
            return (lines + ["Everything is synthetic, and the keys were made for it.", ""])
                .joined(separator: "\n")
        }
        return
            (lines + [
                "Everything is synthetic, and the keys were made for it. To repeat a command, first:"
            ]
            + preparation(run)).joined(separator: "\n")
    }

    /// What to type before a command of the trial can be repeated.
    private func preparation(_ run: TrialRun) -> [String] {
        run.preparation.map { "  $ " + $0 }
    }

    /// Where to look next.
    private func further(_ run: TrialRun) -> [String] {
        ["To look further:"] + preparation(run) + run.suggestions.map { "  " + $0 }
    }

    private static func listing() throws -> String {
        let width = 1 + (Scenario.names.map(\.count).max() ?? 0)
        return try Scenario.names.map { name in
            let scenario = try Scenario.load(name)
            let row = [name.padding(width), "\(scenario.promise.exit)".padding(4), scenario.title]
            return row.joined() + "\n"
        }.joined()
    }
}

extension String {
    /// The text with blanks behind it, up to a width.
    fileprivate func padding(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
