import ArgumentParser

/// Plans, rehearses, reviews and runs retries (docs/command-line.md, "retry").
struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Plan, rehearse, review and run what is done about failed deliveries.",
        subcommands: [RetryPlanCommand.self, RetryRunCommand.self, RetryReviewCommand.self])
}
