import ArgumentParser
import Encodings
import Verification

/// Tells what a check is about (docs/command-line.md, "explain").
struct Explain: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tell what a check is about, or list all checks.")

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("The id of a check.", valueName: "id"))
    var id: String?

    @Option(help: "How it is printed.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let checks = try chosen()
        if format == .json {
            let json = JSON.array(
                checks.map { check in
                    [
                        "id": JSON(check.rawValue), "checks": JSON(check.explanation.checks),
                        "remedy": JSON(check.explanation.remedy),
                    ]
                })
            try context.console.result(json.canonicalBytes + [UInt8(ascii: "\n")])
            return
        }
        guard id != nil, let check = checks.first else {
            for check in checks {
                try context.console.result("\(check.rawValue)  \(check.explanation.checks)\n")
            }
            return
        }
        try context.console.result(
            """
            \(check.rawValue)
              checks:  \(check.explanation.checks)
              to do:   \(check.explanation.remedy)

            """)
    }

    private func chosen() throws -> [CheckID] {
        guard let id else { return CheckID.allCases }
        guard let check = CheckID(rawValue: id) else {
            throw CommandFailure(
                .usage, "there is no check \(printable(Array(id.utf8)))",
                hint: "`closeout explain` lists all")
        }
        return [check]
    }
}
