import ArgumentParser

/// Writes closeout records (docs/command-line.md, "record").
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Write closeout records and sign them.",
        subcommands: [RecordReadiness.self, RecordAdd.self, RecordSign.self])
}
