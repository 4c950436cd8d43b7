import ArgumentParser
import Encodings

/// The names of commands among the arguments.
enum CommandNames {
    /// Whether a command only holds others.
    static func isGroup(_ command: any ParsableCommand.Type) -> Bool {
        !subcommands(of: command).isEmpty
    }

    /// Refuses to help with a command that there is not: the parser would print the help of the one
    /// above it.
    ///
    /// - Throws: `CommandFailure`, 64.
    static func confirm(_ arguments: [String]) throws {
        let isHelp = arguments.first == "help"
        guard isHelp || !asksHelp.isDisjoint(with: arguments) else { return }
        var command: any ParsableCommand.Type = Closeout.self
        for name in isHelp ? arguments.dropFirst() : arguments[...] {
            let below = subcommands(of: command)
            guard !below.isEmpty || isHelp, name != "--" else { return }
            if name.hasPrefix("-") { continue }
            if !isHelp, command == Closeout.self, name == "help" { return }
            guard let next = below.first(where: { $0._commandName == name }) else {
                throw CommandFailure(
                    .usage, "there is no command \(printable(name))",
                    hint: "`closeout --help` lists the commands")
            }
            command = next
        }
    }

    private static let asksHelp: Set<String> = ["--help", "-h", "-help", "--help-hidden"]

    private static func subcommands(
        of command: any ParsableCommand.Type
    ) -> [any ParsableCommand.Type] {
        let configuration = command.configuration
        return configuration.subcommands
            + configuration.groupedSubcommands.flatMap(\.subcommands)
    }
}

extension CommandFailure {
    /// Nothing is done where a group of commands is named and none of them.
    init(missingCommandOf group: any ParsableCommand.Type) {
        let name = group == Closeout.self ? "closeout" : "closeout \(group._commandName)"
        self.init(
            .usage, "a command is missing behind `\(name)`",
            hint: "`\(name) --help` lists the commands")
    }
}
