import ArgumentParser

/// Opens commitments, checks that, and proves that nothing leaks (docs/command-line.md, "redaction").
struct RedactionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redaction",
        abstract: "Open commitments to an auditor, check that, and prove that nothing leaks.",
        subcommands: [
            RedactionKeygen.self, RedactionOpen.self, RedactionCheck.self, RedactionProve.self,
        ])
}
