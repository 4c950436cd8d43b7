import ArgumentParser
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutRecords

/// Writes, checks and explains criteria (docs/command-line.md, "criteria").
struct CriteriaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "criteria", abstract: "Write, check, explain and try out criteria.",
        subcommands: [
            CriteriaInit.self, CriteriaLint.self, CriteriaExplain.self, CriteriaTest.self,
        ])
}

/// Writes a criteria file.
struct CriteriaInit: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write the criteria of a profile to a file.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp(
            "The profile to begin with; default \(Profile.finalCloseout.rawValue).",
            valueName: "profile"))
    var named: Profile?

    @Option(help: .hidden)
    var profile: Profile?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8] = Array("criteria.json".utf8)

    func validate() throws {
        guard named == nil || profile == nil else {
            throw ValidationError("the profile is named twice")
        }
    }

    func execute(_ context: Context) async throws {
        guard let name = Path.split(output).name else {
            throw CommandFailure(.cannotCreate, "\(printable(output)) has no name of its own")
        }
        try demandOutside(output)
        let criteria = try (named ?? profile ?? .finalCloseout).criteria()
        try Directory.openParent(ofNew: output).write(new: name, criteria.bytes)
        try context.console.result("\(printable(output))\n")
        context.console.note("sha256:\(criteria.digest.hex)")
    }
}

extension Profile: ExpressibleByArgument {}

/// Finds what is likely not meant.
struct CriteriaLint: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check criteria and warn of likely mistakes.")

    @OptionGroup var common: CommonOptions
    @Argument(help: .criteria(), completion: .profiles)
    var criteria: String

    func execute(_ context: Context) async throws {
        let warnings = try CriteriaOptions.load(criteria).lint()
        for warning in warnings { try context.console.result("\(warning)\n") }
        guard warnings.isEmpty else { throw ExitStatus.incomplete.code }
        context.console.note("\(printable(criteria)): nothing to warn of")
    }
}

/// Prints what criteria demand.
struct CriteriaExplain: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain what criteria require, or one of them.")

    @OptionGroup var common: CommonOptions
    @Argument(help: .criteria(), completion: .profiles)
    var criteria: String
    @Argument(help: "The id of a criterion.")
    var id: String?
    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let criteria = try CriteriaOptions.load(criteria)
        var chosen = criteria.criteria
        if let id {
            guard let criterion = criteria.criterion(id) else {
                throw CommandFailure(
                    .usage, "there is no criterion \(printable(id))",
                    hint: "there are " + chosen.map(\.id).joined(separator: ", "))
            }
            chosen = [criterion]
        }
        if format == .json {
            let json: JSON = [
                "id": JSON(criteria.id), "version": .integer(criteria.version),
                "sha256": JSON(criteria.digest.hex), "title": JSON(criteria.title),
                "criteria": .array(chosen.map(\.json)),
            ]
            try context.console.result(json)
            return
        }
        try context.console.result(Self.text(of: chosen, in: criteria))
    }

    /// What criteria demand, as text.
    static func text(of chosen: [Criterion], in criteria: Criteria) -> String {
        var text = "\(criteria.id) \(criteria.version) · sha256:\(criteria.digest.hex)\n"
        for criterion in chosen {
            text +=
                """

                \(criterion.id)  \(printable(criterion.title))
                  severity \(criterion.severity.rawValue), \
                \(criterion.isWaivable ? "can be accepted" : "cannot be accepted")
                  checks   \(criterion.check.name.rawValue): \(criterion.check.explanation)

                """
            if !criterion.mapsTo.isEmpty {
                let controls = criterion.mapsTo.map { printable($0) }
                text += "  answers  \(controls.joined(separator: ", "))\n"
            }
        }
        return text
    }
}
