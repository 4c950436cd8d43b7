import ArgumentParser
import CloseoutReports

/// The commands that speak to networks, one folder a group.
///
/// `closeout` becomes this program for each of them, so they are named as its own.
struct CourierRoot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "closeout",
        abstract: "Deliver what a bundle says to the systems that people watch.",
        discussion: """
            This is closeout-courier, the program that `closeout` starts for these commands.
            It speaks to networks, which `closeout` itself never does.
            """,
        version: productVersion,
        subcommands: [
            DeliverCommand.self, RetryCommand.self, RoutesCommand.self, RedactionCommand.self,
        ])
}
