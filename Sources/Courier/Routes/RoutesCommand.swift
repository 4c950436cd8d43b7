import ArgumentParser

/// Writes, checks, shows and tries routes (docs/command-line.md, "routes").
struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "Write, check, show and try the routes of deliveries.",
        subcommands: [RoutesInit.self, RoutesLint.self, RoutesShow.self, RoutesTest.self])
}
