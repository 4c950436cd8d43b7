import ArgumentParser
import CloseoutDecisions
import CloseoutEncodings
import CloseoutInterchange
import CloseoutRecords
import CloseoutVerification

/// Explains an id that a report, a decision or an import prints (docs/command-line.md, "explain").
struct Explain: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain a check or finding by its id, or list them all.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp(
            "The id of a check, finding or criterion, such as artifact.digest, RH-SHORT or C1, or a "
                + "profile.", valueName: "id|profile"),
        completion: .checks)
    var id: String?

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        if let id, let profile = Profile(rawValue: id), format == .text {
            let criteria = try profile.criteria()
            return try context.console.result(
                CriteriaExplain.text(of: criteria.criteria, in: criteria))
        }
        let ids = try chosen()
        let text =
            switch format {
            case .json: JSON.array(ids.map(\.json)).printedBytes + [UInt8(ascii: "\n")]
            case .text where id == nil:
                Array(ids.map { "\($0.id)  \($0.about)\n" }.joined().utf8)
            case .text: Array(ids.map(\.text).joined().utf8)
            }
        try context.console.result(text)
    }

    private func chosen() throws -> [ExplainedID] {
        guard let id else { return try ExplainedID.all() }
        let found = try ExplainedID.named(id)
        guard !found.isEmpty else {
            throw CommandFailure(
                .usage, "there is no check \(printable(id))",
                hint:
                    "`closeout explain` lists all; for criteria: closeout criteria explain "
                    + "FILE|PROFILE")
        }
        return found
    }
}

/// An id that is printed somewhere, and what it is about.
enum ExplainedID {
    /// A check of `verify`.
    case check(CheckID)
    /// A finding of retention health.
    case health(HealthCheck)
    /// A check that a criterion names.
    case demand(CriterionCheck.Name)
    /// A criterion of a profile.
    case criterion(Criterion, Profile)
    /// A finding of `import`.
    case imported(ImportFinding.ID)
    /// The verdict or the outcome, which reports for other programs have as checks.
    case whole(Whole)

    /// What sums up a report.
    enum Whole: String, CaseIterable {
        case verdict, outcome

        var explanation: Explanation {
            switch self {
            case .verdict:
                Explanation(
                    "Whether the bundle or proof is VERIFIED, FAILED or INCOMPLETE.",
                    "See the check that the first line of the report names.")
            case .outcome:
                Explanation(
                    "Whether the release is ready_for_release, ready_with_accepted_risk or blocked.",
                    "See the criteria that `decide` names, and what would have to change.")
            }
        }
    }

    /// All that there are, in the order of the documents.
    static func all() throws -> [ExplainedID] {
        CheckID.allCases.map { .check($0) } + HealthCheck.allCases.map { .health($0) }
            + CriterionCheck.Name.allCases.map { .demand($0) } + (try criteria())
            + ImportFinding.ID.allCases.map { .imported($0) } + Whole.allCases.map { .whole($0) }
    }

    /// Those of an id: one, but for a criterion that several profiles have.
    static func named(_ id: String) throws -> [ExplainedID] {
        if let check = CheckID(rawValue: id) { return [.check(check)] }
        if let check = HealthCheck(rawValue: id) { return [.health(check)] }
        if let name = CriterionCheck.Name(rawValue: id) { return [.demand(name)] }
        if let finding = ImportFinding.ID(rawValue: id) { return [.imported(finding)] }
        if let whole = Whole(rawValue: id) { return [.whole(whole)] }
        let name = id.hasPrefix(criterionPrefix) ? id.dropFirst(criterionPrefix.count) : id[...]
        return try criteria().filter { $0.id.utf8.elementsEqual(name.utf8) }
    }

    /// What reports for other programs write before the id of a criterion.
    private static let criterionPrefix = "criterion."

    private static func criteria() throws -> [ExplainedID] {
        try Profile.allCases.flatMap { profile in
            try profile.criteria().criteria.map { .criterion($0, profile) }
        }
    }

    var id: String {
        switch self {
        case .check(let check): check.rawValue
        case .health(let check): check.rawValue
        case .demand(let name): name.rawValue
        case .criterion(let criterion, _): criterion.id
        case .imported(let finding): finding.rawValue
        case .whole(let whole): whole.rawValue
        }
    }

    var about: String {
        switch self {
        case .check(let check): check.explanation.checks
        case .health(let check): check.explanation
        case .demand(let name): name.explanation
        case .criterion(let criterion, let profile):
            "\(criterion.title) (profile \(profile.rawValue))"
        case .imported(let finding): finding.explanation
        case .whole(let whole): whole.explanation.checks
        }
    }

    var json: JSON {
        switch self {
        case .check(let check): Self.json(id, check.explanation)
        case .whole(let whole): Self.json(id, whole.explanation)
        case .health(let check):
            [
                "id": JSON(id), "finding": JSON(about), "severity": JSON(check.severity.rawValue),
                "waivable": .bool(check.isWaivable),
            ]
        case .demand(let name):
            ["id": JSON(id), "demands": JSON(about), "waivable": .bool(name.isWaivable)]
        case .criterion(let criterion, let profile):
            if case .object(let members) = criterion.json {
                .object(members + [JSONMember("profile", JSON(profile.rawValue))])
            } else {
                criterion.json
            }
        case .imported: ["id": JSON(id), "finding": JSON(about)]
        }
    }

    private static func json(_ id: String, _ explanation: Explanation) -> JSON {
        [
            "id": JSON(id), "checks": JSON(explanation.checks),
            "remedy": JSON(explanation.remedy),
        ]
    }

    var text: String {
        let rows: [(name: String, value: String)] =
            switch self {
            case .check(let check):
                [("checks", about), ("to do", check.explanation.remedy)]
            case .whole(let whole):
                [("checks", about), ("to do", whole.explanation.remedy)]
            case .health(let check):
                [
                    ("finding", about),
                    ("severity", "\(check.severity.rawValue), \(Self.words(check.isWaivable))"),
                ]
            case .demand(let name):
                [
                    ("demands", about),
                    ("to do", "closeout decide BUNDLE --trust POLICY says what is missing"),
                    ("a failure", Self.words(name.isWaivable)),
                ]
            case .criterion(let criterion, let profile):
                [
                    ("criterion", criterion.title),
                    ("of", "profile \(profile.rawValue)"),
                    ("demands", "\(criterion.check.name.rawValue): \(criterion.check.explanation)"),
                    (
                        "severity",
                        "\(criterion.severity.rawValue), \(Self.words(criterion.isWaivable))"
                    ),
                ]
            case .imported: [("import", about)]
            }
        return ([id] + rows.map { "  \(padded($0.name + ":"))\($0.value)" })
            .joined(separator: "\n") + "\n"
    }

    private static func words(_ isWaivable: Bool) -> String {
        isWaivable ? "can be accepted" : "cannot be accepted"
    }

    private func padded(_ name: String) -> String {
        name + String(repeating: " ", count: max(1, 11 - name.utf8.count))
    }
}
