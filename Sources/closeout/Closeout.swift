import ArgumentParser

/// The command line of Closeout: one file a subcommand, under `Commands`.
@main
struct Closeout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "closeout",
        abstract: "Seal a software release and verify it years later, offline.",
        version: "0.1.0",
        subcommands: [
            SealCommand.self, Sign.self, Attach.self, Verify.self, Show.self, Status.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "steps",
                subcommands: [
                    Freeze.self, Request.self, CheckpointCommand.self, Prove.self, Repair.self,
                ]),
            CommandGroup(name: "evidence", subcommands: [Add.self]),
            CommandGroup(name: "policy", subcommands: [Keygen.self, TrustCommand.self]),
            CommandGroup(
                name: "other", subcommands: [VerifySignature.self, Explain.self]),
        ])
}
