import CloseoutBundles
package import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
package import CloseoutVerification
package import CloseoutWorkflows

/// Walks through the steps of a scenario in a folder (docs/trial.md, "Steps").
package struct TrialRun: Sendable {
    /// What is played.
    package let scenario: Scenario
    private var desk: Desk
    var state: TrialState

    /// How many steps are taken.
    package var reached: Int { state.steps }

    /// How many steps there are.
    package static let steps = 10

    /// Begins a trial in a new folder, or in one that is there and empty.
    ///
    /// - Parameters:
    ///   - scenario: What is played.
    ///   - folder: Where.
    ///   - now: The instant from which all others are counted.
    /// - Returns: The trial before its first step.
    /// - Throws: `WorkflowError` where the folder holds anything, or cannot be written.
    package static func begin(
        _ scenario: Scenario, in folder: [UInt8], now: Instant
    ) throws(WorkflowError) -> TrialRun {
        do {
            try prepare(folder)
            var state = TrialState()
            state.values["now"] = now.description
            for days: Int64 in [-120, 1, 30, 31, 60, 400, 401, 800] {
                let name = days < 0 ? "\(days)d" : "+\(days)d"
                state.values[name] = now.adding(seconds: days * 86_400)?.description
            }
            state.values["program"] = try SHA256Digest.of(Array(Story.program.utf8)).hex
            let run = TrialRun(scenario, in: folder, now, state)
            try run.desk.write(Scenario.file, scenario.bytes)
            try run.desk.write(TrialState.file, state.bytes)
            return run
        } catch {
            throw WorkflowError(error)
        }
    }

    /// Goes on with the trial of a folder.
    ///
    /// What a person did there meanwhile is left as it is: an example that they wrote themselves is taken,
    /// and what they added to the bundle counts.
    ///
    /// - Parameters:
    ///   - folder: The folder of a trial.
    ///   - now: The instant of what is done from here on.
    /// - Returns: The trial after the last step that it has reached.
    /// - Throws: `WorkflowError.refused` where it is no folder of a trial.
    package static func resume(in folder: [UInt8], now: Instant) throws(WorkflowError) -> TrialRun {
        let state = try TrialState(of: folder)
        let scenario = try Scenario.read(Path.join(folder, Array(Scenario.file.utf8)))
        return TrialRun(scenario, in: folder, now, state)
    }

    private init(_ scenario: Scenario, in folder: [UInt8], _ now: Instant, _ state: TrialState) {
        self.scenario = scenario
        self.state = state
        desk = Desk(folder: folder, now: now, values: state.values)
    }

    /// Takes the next step.
    ///
    /// - Returns: What there is to say of it; nil after the last one.
    /// - Throws: `WorkflowError`, of the kind `internal` where an action does not end as it must; the folder
    ///   is kept, and `resume` tries that action again.
    package mutating func next() async throws(WorkflowError) -> StepAccount? {
        let steps = Self.steps(of: scenario)
        guard steps.indices.contains(state.steps) else { return nil }
        let step = steps[state.steps]
        do {
            var lines = step.text.flatMap { $0.isEmpty ? [""] : wrapped($0, indent: 2, further: 0) }
            let inputs = step.actions.flatMap(\.inputs).map(\.path)
            if !inputs.isEmpty {
                lines +=
                    ["", "  given, as an example:"]
                    + wrapped(inputs.joined(separator: ", "), indent: 4, further: 0)
            }
            if step.actions.contains(where: { !$0.line.isEmpty }) { lines.append("") }
            for action in step.actions.dropFirst(state.actions) {
                lines += try await take(action)
                state.actions += 1
                try save()
            }
            lines += try recorded(step)
            if !step.checks.isEmpty { lines += ["", "  check:"] }
            for check in step.checks { lines += try await take(check, isCheck: true) }
            lines += ["", "  read on:"]
            lines += step.documents.flatMap {
                wrapped("\($0.path), \"\($0.section)\"", indent: 4)
            }
            state.steps += 1
            state.actions = 0
            try save()
            return StepAccount(
                number: state.steps, title: step.title, summary: desk.filled(step.summary),
                lines: lines, documents: step.documents)
        } catch {
            throw WorkflowError(error)
        }
    }

    /// What is found of the bundle in the end, now.
    ///
    /// - Throws: `WorkflowError` where not all steps are taken, or the bundle cannot be looked at.
    package func end() async throws(WorkflowError) -> TrialEnd {
        guard state.steps == Self.steps else {
            throw .refused(.usage, "step \(state.steps) of \(Self.steps) is the last one taken")
        }
        do {
            let report = try await desk.check(scenario.story.question).report
            return TrialEnd(scenario: scenario, report: report)
        } catch {
            throw WorkflowError(error)
        }
    }

    /// What `end` asks of the bundle, for a program that shows the result itself.
    ///
    /// - Returns: The bundle's path, and what its verification and the recheck of its decisions are asked.
    /// - Throws: `WorkflowError` where the policy or the criteria cannot be read.
    package func question() throws(WorkflowError) -> (
        bundle: [UInt8], request: VerificationRequest, recheck: RecheckRequest
    ) {
        do {
            let (request, recheck) = try desk.requests(scenario.story.question)
            return (desk.path(TrialNames.bundle), request, recheck)
        } catch {
            throw WorkflowError(error)
        }
    }

    /// Packs the bundle with the shipped files into one file of the folder.
    ///
    /// - Returns: The path of the packed bundle.
    /// - Throws: `WorkflowError` where it is not packed, such as a bundle that is not as its log says.
    package func pack() async throws(WorkflowError) -> [UInt8] {
        let receipt = try await packBundle(
            at: desk.path(TrialNames.bundle), artifacts: .folder(desk.path("app")),
            to: desk.path("\(TrialNames.bundle).tar"))
        return receipt.stored.first ?? []
    }

    /// The files and folders that lie in the trial's folder now, by their paths: nothing is written over or
    /// into them.
    ///
    /// - Throws: `WorkflowError` where the folder cannot be listed.
    package func places() throws(WorkflowError) -> (files: [[UInt8]], folders: [[UInt8]]) {
        do {
            let folder = try Directory.open(desk.folder)
            var places: (files: [[UInt8]], folders: [[UInt8]]) = ([], [])
            for entry in try folder.entries() {
                let path = Path.join(desk.folder, entry.name)
                switch try folder.status(of: entry.name).kind {
                case .directory: places.folders.append(path)
                default: places.files.append(path)
                }
            }
            return places
        } catch {
            throw WorkflowError(error)
        }
    }

    /// What to type before a command of the trial can be repeated.
    package var preparation: [String] {
        let variables = TrialNames.environment.map { "\($0)=\($1)" }.joined(separator: " ")
        return ["cd \(shellQuoted(desk.folder))", "export \(variables)"]
    }

    /// Where to look once all steps are taken: commands behind `$ `, and files.
    package var suggestions: [String] {
        [
            "$ closeout verify \(TrialNames.bundle) --artifacts app --criteria criteria.json",
            "$ closeout show \(TrialNames.bundle) --evidence",
            "\(PilotForm.checklist)  what this trial has shown, and what is left to you",
            "\(PilotForm.questions)  what to clear up before a pilot: fill in the answers",
            "closeout trial --verbose --out DIR  shows every command of a trial",
            "closeout deliver trial  really delivers, to a receiver on this machine",
        ]
    }

    /// The ten steps.
    static func steps(of scenario: Scenario) -> [TrialStep] {
        let story = scenario.story
        return [
            story.operatingModel, story.evidence, story.readinessStep, story.retentionStep,
            story.artifactBundle, story.healthStep, story.deliveryStep, story.retryStep,
            story.criteriaStep(scenario.promise), story.upgradeStep(scenario),
        ]
    }

    /// Makes the folder, unless it is there and empty.
    private static func prepare(_ folder: [UInt8]) throws {
        guard let name = Path.split(folder).name else {
            throw WorkflowError.refused(.usage, "\(printable(folder)) has no name of its own")
        }
        let parent = try Directory.openParent(ofNew: folder, to: .makeDirectory)
        if try parent.makeDirectoryIfFree(name) { return }
        guard try parent.status(of: name).kind == .directory else {
            throw WorkflowError.refused(
                .cannotCreate, "\(printable(folder)) is there and no folder",
                hint: "choose another folder with --out")
        }
        let folder = try parent.open(name)
        guard !(try folder.entries().isEmpty) else { return }
        let isTrial = try folder.statusIfThere(of: Array(TrialState.file.utf8)) != nil
        throw WorkflowError.refused(
            .cannotCreate, "\(printable(folder.path)) is there and not empty",
            hint: isTrial
                ? "--continue goes on with its trial; --out names another folder"
                : "choose another folder with --out")
    }

    mutating func save() throws {
        state.values = desk.values
        try desk.write(TrialState.file, state.bytes)
    }

    /// Does what an action says.
    ///
    /// - Returns: The command with its result.
    mutating func take(
        _ action: TrialAction, isCheck: Bool = false
    ) async throws -> [String] {
        for input in action.inputs { try desk.write(input) }
        let result: TrialAction.Result
        do {
            result = try await action.work(&desk)
        } catch {
            switch WorkflowError(error) {
            case .file, .openSSL: throw error
            case let error: throw missed(action, "\(error)")
            }
        }
        guard result.exit == action.exit else {
            throw missed(
                action,
                "exit code \(result.exit) and not \(action.exit): "
                    + result.lines.map { printable($0) }.joined(separator: "; "))
        }
        guard !action.line.isEmpty else { return [] }
        var lines = desk.filled(action.line).split(separator: "\n").map { "    \($0)" }
        lines[0] = "  $ " + lines[0].dropFirst(4)
        lines += result.lines.flatMap { wrapped($0, indent: 4) }
        if isCheck || result.exit != 0 { lines.append("    (exit code \(result.exit))") }
        return lines
    }

    private func missed(_ action: TrialAction, _ reason: String) -> WorkflowError {
        let line =
            action.line.isEmpty ? "a step" : "`\(printable(desk.filled(action.line)))`"
        return .refused(
            .internal, "\(scenario.name) misses its promise: \(line): \(reason)",
            hint: "its folder is kept")
    }

    /// What has come into the bundle since the last step, and what lies outside, with who may see
    /// it.
    private mutating func recorded(_ step: TrialStep) throws -> [String] {
        var rows: [[String]] = step.files.map { ["file", $0.audience, $0.path] }
        if desk.has("\(TrialNames.bundle)/log.jsonl") {
            let entries = try desk.read("\(TrialNames.bundle)/log.jsonl")
                .split(separator: UInt8(ascii: "\n"))
            rows += try entries.dropFirst(state.shown).map { try row(Array($0)) }
            state.shown = entries.count
        }
        guard !rows.isEmpty else { return [] }
        let head = ["recorded", "who may see it", "where"]
        return [""]
            + ([head] + rows).map { row in
                "  " + padded(row[0], 20) + padded(row[1], 25) + row[2]
            }
    }

    /// A line of the log, with who may see the file: a record says so itself.
    private func row(_ line: [UInt8]) throws -> [String] {
        let entry = try JSON(parsing: line)
        let path = try JSONItem(entry["path"] ?? .null, at: "path").string()
        var kind = try JSONItem(entry["kind"] ?? .null, at: "kind").string()
        var audience = "who is given the bundle"
        if kind == "evidence", let bytes = try? desk.read("\(TrialNames.bundle)/\(path)") {
            let record = try JSON(parsing: bytes)
            let name = try JSONItem(record["kind"] ?? .null, at: "kind").string()
            kind = name.split(separator: "/").dropFirst().first.map(String.init) ?? name
            audience = try JSONItem(record["visibility"] ?? .null, at: "visibility").string()
        }
        let parts = path.split(separator: "/")
        let short = parts.count == 2 ? "\(parts[0])/\(parts[1].prefix(16))*" : path
        return [kind, audience, "\(TrialNames.bundle)/\(short)"]
    }
}
