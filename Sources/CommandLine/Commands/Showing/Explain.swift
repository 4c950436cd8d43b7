import ArgumentParser
import CloseoutDecisions
import CloseoutEncodings
import CloseoutRecords
import CloseoutVerification

/// Tells what a check, or a finding of retention health, is about (docs/command-line.md, "explain").
struct Explain: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain a check, or list all checks.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp("The id of a check, such as seal.signed or RH-SHORT.", valueName: "id"),
        completion: .checks)
    var id: String?

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let checks = try chosen()
        let text =
            switch format {
            case .json: JSON.array(checks.map(\.json)).printedBytes + [UInt8(ascii: "\n")]
            case .text where id == nil:
                Array(checks.map { "\($0.id)  \($0.about)\n" }.joined().utf8)
            case .text: Array(checks.map(\.text).joined().utf8)
            }
        try context.console.result(text)
    }

    private func chosen() throws -> [ExplainedCheck] {
        guard let id else { return ExplainedCheck.all }
        guard let check = ExplainedCheck.all.first(where: { $0.id == id }) else {
            throw CommandFailure(
                .usage, "there is no check \(printable(Array(id.utf8)))",
                hint:
                    "`closeout explain` lists all; for criteria: closeout criteria explain PROFILE")
        }
        return [check]
    }
}

/// A check of `verify` or of retention health.
private enum ExplainedCheck {
    case verification(CheckID)
    case health(HealthCheck)

    static let all =
        CheckID.allCases.map { Self.verification($0) } + HealthCheck.allCases.map { .health($0) }

    var id: String {
        switch self {
        case .verification(let check): check.rawValue
        case .health(let check): check.rawValue
        }
    }

    var about: String {
        switch self {
        case .verification(let check): check.explanation.checks
        case .health(let check): check.explanation
        }
    }

    var json: JSON {
        switch self {
        case .verification(let check):
            [
                "id": JSON(id), "checks": JSON(about), "remedy": JSON(check.explanation.remedy),
            ]
        case .health(let check):
            [
                "id": JSON(id), "finding": JSON(about), "severity": JSON(check.severity.rawValue),
                "waivable": .bool(check.isWaivable),
            ]
        }
    }

    var text: String {
        switch self {
        case .verification(let check):
            """
            \(id)
              checks:  \(about)
              to do:   \(check.explanation.remedy)

            """
        case .health(let check):
            """
            \(id)
              finding:   \(about)
              severity:  \(check.severity.rawValue), \(check.isWaivable ? "can" : "cannot") be accepted

            """
        }
    }
}
