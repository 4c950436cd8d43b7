import ArgumentParser
import CloseoutReports

/// The command that serves a page, named as one of `closeout`, which becomes this program for it.
struct ConsoleRoot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "closeout",
        abstract: "Show a closeout in the browser, and verify it there.",
        discussion: """
            This is closeout-console, the program that `closeout` starts for this command.
            It listens on this machine, which `closeout` itself never does.
            """,
        version: productVersion,
        subcommands: [ConsoleCommand.self])
}
