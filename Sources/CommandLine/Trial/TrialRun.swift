import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// Walks through the steps of a scenario in a folder, and tells each (docs/trial.md, "Steps").
struct TrialRun {
    let scenario: Scenario
    private let shell: TrialShell
    /// What denotes the names in texts.
    private var values: [String: String] = [:]
    /// How many lines of the bundle's log have been told.
    private var reported = 0

    /// Prepares a walk in a folder that is there and empty.
    ///
    /// - Throws: `FileError` or `OpenSSLError` where the system does not let it.
    init(_ scenario: Scenario, in folder: [UInt8], now: Instant) throws {
        self.scenario = scenario
        shell = try TrialShell(folder: folder)
        values["now"] = now.description
        for days: Int64 in [-120, 1, 30, 31, 60, 400, 401] {
            let name = days < 0 ? "\(days)d" : "+\(days)d"
            values[name] = now.adding(seconds: days * 86_400)?.description
        }
        values["program"] = try SHA256Digest.of(Array(Story.program.utf8)).hex
        try write(TrialInput(path: "scenario.json", text: ""), scenario.bytes)
    }

    /// The ten steps.
    static func steps(of scenario: Scenario) -> [TrialStep] {
        let story = scenario.story
        return [
            story.operatingModel, story.evidence, story.readinessStep, story.retentionStep,
            story.artifactBundle, story.healthStep, story.deliveryStep, story.retryStep,
            story.criteriaStep(scenario.promise), story.upgradeStep,
        ]
    }

    /// Takes a step.
    ///
    /// - Returns: What there is to tell of it.
    /// - Throws: `CommandFailure` where a command does not end as it must.
    mutating func take(_ step: TrialStep) async throws -> [String] {
        var lines = step.text.flatMap { $0.isEmpty ? [""] : wrapped($0, indent: 2, further: 0) }
        let inputs = step.commands.flatMap(\.inputs).map(\.path)
        if !inputs.isEmpty {
            lines +=
                ["", "  given, as an example:"]
                + wrapped(inputs.joined(separator: ", "), indent: 4, further: 0)
        }
        if !step.commands.isEmpty { lines.append("") }
        for command in step.commands { lines += try await run(command) }
        lines += try recorded(step)
        lines += ["", "  check:"]
        for check in step.checks { lines += try await run(check, isCheck: true) }
        return lines
    }

    /// What the bundle was verified to be.
    ///
    /// - Throws: `CommandFailure`, `JSONError` or `JSONShapeError` where the report cannot be read.
    func outcome() throws -> Scenario.Promise {
        let report = Path.join(shell.folder, Array("decision.json".utf8))
        return try Scenario.Promise(
            decision: readFile(report, limit: 16 * 1024 * 1024), exit: scenario.promise.exit)
    }

    /// Runs a command.
    ///
    /// - Returns: The command as it was run, with the part of its output that is to be shown.
    private mutating func run(
        _ command: TrialCommand, isCheck: Bool = false
    ) async throws -> [String] {
        for input in command.inputs { try write(input, Array(filled(input.text).utf8)) }
        let line = filled(command.line)
        let result = try await shell.run(line)
        guard result.exit == command.exit else {
            throw CommandFailure(
                .internal,
                "\(scenario.name) misses its promise: `\(printable(Array(line.utf8)))` ended with "
                    + "\(result.exit) and not with \(command.exit): "
                    + printable(result.errors.isEmpty ? result.output : result.errors))
        }
        for (name, digest) in command.kept {
            guard
                let found = digest.find(in: result.output) ?? digest.find(in: result.errors)
            else {
                throw CommandFailure(
                    .internal, "\(scenario.name): `\(line)` printed no digest of \(name)")
            }
            values[name] = found
        }
        var lines = line.split(separator: "\n").map { "    \($0)" }
        lines[0] = "  $ " + lines[0].dropFirst(4)
        let reported = isCheck && result.output.isEmpty ? result.errors : result.output
        let output = String(decoding: reported, as: UTF8.self)
            .split(separator: "\n").prefix(command.lines)
        lines += output.flatMap { wrapped(String($0), indent: 4) }
        if isCheck || result.exit != 0 { lines.append("    (exit code \(result.exit))") }
        return lines
    }

    /// The text with what the names in it denote.
    private func filled(_ text: String) -> String {
        values.reduce(text) { text, value in
            text.replacing("{\(value.key)}", with: value.value)
                .replacing("{\(value.key):16}", with: String(value.value.prefix(16)))
        }
    }

    /// Writes a file of the folder, with the folders above it.
    private func write(_ input: TrialInput, _ bytes: [UInt8]) throws {
        var place = shell.folder
        var names = input.path.split(separator: "/").map { Array($0.utf8) }
        let name = names.removeLast()
        for folder in names {
            try Directory.open(place).makeDirectoryIfFree(folder)
            place = Path.join(place, folder)
        }
        try Directory.open(place).write(
            new: name, bytes, permissions: input.isExecutable ? 0o755 : 0o644)
    }

    /// What has come into the bundle since the last step, and what lies outside, with who may see
    /// it.
    private mutating func recorded(_ step: TrialStep) throws -> [String] {
        let bundle = Path.join(shell.folder, Array(TrialNames.bundle.utf8))
        var rows: [[String]] = step.files.map { ["file", $0.audience, $0.path] }
        if let folder = try? Directory.open(bundle),
            let log = try folder.readIfThere(Array("log.jsonl".utf8), limit: 1 << 24)
        {
            let entries = log.split(separator: UInt8(ascii: "\n"))
            rows += try entries.dropFirst(reported).map { try Self.row(Array($0), in: bundle) }
            reported = entries.count
        }
        guard !rows.isEmpty else { return [] }
        let head = ["recorded", "who may see it", "where"]
        return [""]
            + ([head] + rows).map { row in
                "  " + padded(row[0], 20) + padded(row[1], 25) + row[2]
            }
    }

    /// A line of the log, with who may see the file: a record says so itself.
    private static func row(_ line: [UInt8], in bundle: [UInt8]) throws -> [String] {
        let entry = try JSON(parsing: line)
        let path = try JSONItem(entry["path"] ?? .null, at: "path").string()
        var kind = try JSONItem(entry["kind"] ?? .null, at: "kind").string()
        var audience = "who is given the bundle"
        if kind == "evidence" {
            let record = try JSON(
                parsing: readFile(Path.join(bundle, Array(path.utf8)), limit: 1 << 20))
            let name = try JSONItem(record["kind"] ?? .null, at: "kind").string()
            kind = name.split(separator: "/").dropFirst().first.map(String.init) ?? name
            audience = try JSONItem(record["visibility"] ?? .null, at: "visibility").string()
        }
        let parts = path.split(separator: "/")
        let short = parts.count == 2 ? "\(parts[0])/\(parts[1].prefix(16))*" : path
        return [kind, audience, "\(TrialNames.bundle)/\(short)"]
    }
}

extension TrialCommand.Digest {
    /// The digest in what a command printed.
    func find(in output: [UInt8]) -> String? {
        let text = String(decoding: output, as: UTF8.self)
        switch self {
        case .first: return Self.digests(in: text[...]).first
        case .last: return Self.digests(in: text[...]).last
        case .behind(let word):
            guard let range = text.firstRange(of: word) else { return nil }
            return Self.digests(in: text[range.upperBound...]).first
        }
    }

    private static func digests(in text: Substring) -> [String] {
        text.split { !($0.isHexDigit && !$0.isUppercase) }.map(String.init).filter {
            $0.count == 64
        }
    }
}
