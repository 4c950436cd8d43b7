import ArgumentParser

/// The command line of Closeout: one file a subcommand, under `Commands`.
@main
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
        version: "0.1.0",
        subcommands: [
            SealCommand.self, Sign.self, Attach.self, Verify.self, Show.self, Status.self,
            Close.self, Trial.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "steps",
                subcommands: [
                    Freeze.self, Request.self, CheckpointCommand.self, Decide.self, Prove.self,
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
                name: "other",
                subcommands: [
                    ImportCommand.self, VerifySignature.self, ExportCommand.self, Explain.self,
                ]),
        ])

    static func main() async {
        do {
            if CommandLine.arguments.dropFirst() == ["--version"] {
                return try Console(isQuiet: false).result("\(configuration.version)\n")
            }
            let arguments = Array(CommandLine.arguments.dropFirst())
            var command = try parse(joiningKeyTexts(arguments))
            try RepeatedOption.refuse(in: arguments, of: type(of: command))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Console(isQuiet: false).failure(failure)
            exit(withError: failure.status.code)
        } catch {
            guard let failure = UsageFailure(telling: error) else { exit(withError: error) }
            Console(isQuiet: false).usage(failure)
            exit(withError: ExitStatus.usage.code)
        }
    }

    /// The command that the arguments name.
    ///
    /// Building the whole tree of commands takes longer than verifying a small bundle, so it is done
    /// only where they don't simply name one and fit it.
    private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        if let name = arguments.first,
            let command = configuration.subcommands.first(where: { $0._commandName == name }),
            let parsed = try? command.parseAsRoot(Array(arguments.dropFirst())),
            type(of: parsed) == command
        {
            return parsed
        }
        return try parseAsRoot(arguments)
    }

    /// The arguments with every key that is given as text joined to its option, because a PEM text
    /// begins with dashes, as an option does.
    private static func joiningKeyTexts(_ arguments: [String]) -> [String] {
        var joined: [String] = []
        for argument in arguments {
            if argument.utf8.starts(with: "-----BEGIN ".utf8), let option = joined.last,
                ["--key", "--trust-key"].contains(option)
            {
                joined[joined.count - 1] = "\(option)=\(argument)"
            } else {
                joined.append(argument)
            }
        }
        return joined
    }
}
