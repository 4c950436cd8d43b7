import ArgumentParser
import CloseoutEncodings

/// A command line that cannot be understood, in the words of docs/command-line.md.
struct UsageFailure {
    /// What is wrong: lower case, no full stop.
    let message: String
    /// How the command is written, in one or more lines.
    let usage: [String]
    /// Where more is said.
    let hint: String

    init(message: String, usage: [String], hint: String) {
        self.message = message
        self.usage = usage
        self.hint = hint
    }

    /// Takes apart what the parser says; nil where the error is not about the command line.
    init?(telling error: any Error, of root: any ParsableCommand.Type) {
        // A command that has reported its failure itself ends with a bare exit code.
        guard !(error is ExitCode), root.exitCode(for: error) == .validationFailure else {
            return nil
        }
        let lines = root.fullMessage(for: error).split(separator: "\n")
        usage = lines.drop { !$0.hasPrefix("Usage: ") }.prefix { !$0.hasPrefix("  See ") }
            .map { $0.hasPrefix("Usage: ") ? "usage: " + $0.dropFirst(7) : String($0) }
        let pointer = lines.last { $0.hasPrefix("  See ") }?.split(separator: "'")
        let command = pointer.flatMap { $0.count > 1 ? String($0[1]) : nil }
        let isGroup = usage.contains { $0.hasSuffix("<subcommand>") }
        hint =
            isGroup
            ? "`\(command ?? "closeout --help")` lists the commands"
            : "see `\(command ?? "closeout --help")`"
        message = Self.inOurForm(root.message(for: error))
    }

    /// Is one line, begins in lower case, shows no invisible character, has no full stop.
    private static func inOurForm(_ text: String) -> String {
        var text = withChoicesInLine(text)
        if !text.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) { text = printable(text) }
        if text.hasSuffix(".") { text.removeLast() }
        guard let first = text.first, text.dropFirst().first?.isLowercase == true else {
            return text
        }
        return first.lowercased() + text.dropFirst()
    }

    /// The parser lists the values of an option below each other.
    private static func withChoicesInLine(_ text: String) -> String {
        let parts = text.split(separator: ". Please provide one of the following:\n", maxSplits: 1)
        guard parts.count == 2 else { return text }
        let choices = parts[1].split(separator: "\n").map { $0.drop { $0 == " " || $0 == "-" } }
        return "\(parts[0]): use one of \(choices.joined(separator: ", "))"
    }
}
