import ArgumentParser

/// Asks for retention, and decides on it (docs/command-line.md, "retention").
struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Request retention of evidence, and approve or deny it.",
        subcommands: [
            RetentionAsk.self, RetentionApprove.self, RetentionDeny.self,
            RetentionHealthCommand.self,
        ])
}
