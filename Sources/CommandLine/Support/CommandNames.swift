import ArgumentParser
import CloseoutEncodings

/// The names of commands among the arguments.
enum CommandNames {
    /// Whether a command only holds others.
    static func isGroup(_ command: any ParsableCommand.Type) -> Bool {
        !subcommands(of: command).isEmpty
    }

    /// What to say where a command is named that there is not; else nil.
    ///
    /// The parser would call it an unexpected argument, or print the help of the command above it.
    static func unknown(
        in arguments: [String], of root: any ParsableCommand.Type
    ) -> UsageFailure? {
        let isHelp = arguments.first == "help"
        let asksHelp = isHelp || !asksHelp.isDisjoint(with: arguments)
        var command = root
        for name in isHelp ? arguments.dropFirst() : arguments[...] {
            let below = subcommands(of: command)
            guard !below.isEmpty || isHelp, name != "--" else { return nil }
            if name.hasPrefix("-") {
                guard asksHelp else { return nil }
                continue
            }
            if !isHelp, command == root, name == "help" { return nil }
            guard let next = below.first(where: { $0._commandName == name }) else {
                if command.configuration.defaultSubcommand != nil { return nil }
                let above = words(of: command, below: root)
                return UsageFailure(
                    message: "there is no command \(printable(name))",
                    usage: ["usage: \(above) <subcommand>"],
                    hint: "`\(above) --help` lists the commands")
            }
            command = next
        }
        return nil
    }

    /// The command that the arguments begin with, which holds no others, and what follows its names.
    ///
    /// A group can have one that needs no name.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of the program.
    ///   - root: The command that holds all others.
    /// - Returns: nil where they begin with none.
    static func command(
        in arguments: [String], of root: any ParsableCommand.Type
    ) -> (any ParsableCommand.Type, ArraySlice<String>)? {
        var command = root
        var others = arguments[...]
        while case let below = subcommands(of: command), !below.isEmpty {
            if let name = others.first, let next = below.first(where: { $0._commandName == name }) {
                others.removeFirst()
                command = next
            } else if let usual = command.configuration.defaultSubcommand {
                command = usual
            } else {
                return nil
            }
        }
        return (command, others)
    }

    private static let asksHelp: Set<String> = ["--help", "-h", "-help", "--help-hidden"]

    private static func subcommands(
        of command: any ParsableCommand.Type
    ) -> [any ParsableCommand.Type] {
        let configuration = command.configuration
        return configuration.subcommands
            + configuration.groupedSubcommands.flatMap(\.subcommands)
    }

    /// What to say where a group of commands is named and none of them: nothing was done.
    static func missing(
        in group: any ParsableCommand.Type, of root: any ParsableCommand.Type
    ) -> UsageFailure {
        let name = words(of: group, below: root)
        return UsageFailure(
            message: "a command is missing behind `\(name)`",
            usage: ["usage: \(name) <subcommand>"], hint: "`\(name) --help` lists the commands")
    }

    /// How a group is named on the command line.
    private static func words(
        of group: any ParsableCommand.Type, below root: any ParsableCommand.Type
    ) -> String {
        group == root ? root._commandName : "\(root._commandName) \(group._commandName)"
    }
}
