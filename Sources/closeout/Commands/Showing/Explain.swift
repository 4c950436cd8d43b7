import ArgumentParser
import Encodings
import Verification

/// Tells what a check is about (docs/command-line.md, "explain").
struct Explain: CloseoutCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what a check is about, or list all checks.")

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("The id of a check.", valueName: "id"))
    var id: String?

    func execute(_ context: Context) async throws {
        guard let id else {
            for check in CheckID.allCases {
                try context.console.result("\(check.rawValue)  \(check.explanation.checks)\n")
            }
            return
        }
        guard let check = CheckID(rawValue: id) else {
            throw CommandFailure(
                .usage, "there is no check \(printable(Array(id.utf8)))",
                hint: "`closeout explain` lists all")
        }
        try context.console.result(
            """
            \(check.rawValue)
              checks:  \(check.explanation.checks)
              to do:   \(check.explanation.remedy)

            """)
    }
}
