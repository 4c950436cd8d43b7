import ArgumentParser
import CloseoutReports

/// The command line of Closeout: one file a subcommand, under `Commands`.
///
/// `Start.swift` runs it.
struct Closeout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "closeout",
        abstract: "Seal a software release and verify it years later, offline.",
        discussion: """
            closeout keygen -o release                                          once
            closeout seal dist --release payments@1.4.0 --key release.pem
            closeout verify payments-1.4.0.closeout --key release.pub.pem --artifacts dist

            Exit codes: 0 done or VERIFIED, 1 different, 10 ready with accepted
            risk, 20 blocked, 30 FAILED, 40 INCOMPLETE, 64 wrong usage, 65 malformed
            input, 66 input missing, 70 internal error, 73 output cannot be created,
            74 the system could not read or write.
            """,
        version: productVersion,
        subcommands: [
            SealCommand.self, Sign.self, Attach.self, Verify.self, Show.self, Status.self,
            Close.self, TrialCommand.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "steps",
                subcommands: [
                    Freeze.self, Request.self, CheckpointCommand.self, Decide.self, Prove.self,
                    ReportCommand.self,
                    Repair.self, Pack.self, Unpack.self,
                ]),
            CommandGroup(
                name: "evidence",
                subcommands: [
                    Add.self, RecordCommand.self, RetentionCommand.self, HoldCommand.self,
                    RiskCommand.self, Diff.self,
                ]),
            CommandGroup(
                name: "policy",
                subcommands: [Keygen.self, TrustCommand.self, CriteriaCommand.self]),
            CommandGroup(
                name: "delivery",
                subcommands: [
                    DeliverGroup.self, RetryGroup.self, RoutesGroup.self, RedactionGroup.self,
                ]),
            CommandGroup(
                name: "other",
                subcommands: [
                    ImportCommand.self, VerifySignature.self, ExportCommand.self, Explain.self,
                    ConsoleGroup.self,
                ]),
        ])
}
