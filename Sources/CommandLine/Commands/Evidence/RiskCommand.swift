import ArgumentParser

/// Accepts risks (docs/command-line.md, "risk").
struct RiskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risk", abstract: "Propose, accept, revoke and list accepted risks.",
        subcommands: [RiskPropose.self, RiskAccept.self, RiskRevoke.self, RiskList.self])
}
