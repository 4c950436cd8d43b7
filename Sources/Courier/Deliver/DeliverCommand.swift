import ArgumentParser

/// Delivers what a bundle has to tell (docs/delivery.md).
struct DeliverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver",
        abstract: "Deliver decisions, closeouts and retention alerts.",
        subcommands: [
            DeliverBundle.self, DeliverStatus.self, DeliverReplay.self, DeliverGitHubGate.self,
            DeliverTrial.self,
        ],
        defaultSubcommand: DeliverBundle.self)
}
