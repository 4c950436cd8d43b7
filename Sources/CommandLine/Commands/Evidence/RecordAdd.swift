import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutWorkflows

/// Records what a machine wrote down (docs/command-line.md, "record").
struct RecordAdd: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Write a record of any kind from a JSON file.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The kind, the fields of the kind, and the links.", valueName: "json"),
        completion: .file(), transform: pathArgument)
    var file: [UInt8]

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let draft = try draft(in: try readFile(file, limit: 1024 * 1024))
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.addRecord(draft, supersedes: superseding.names, terms))
    }

    private func draft(in bytes: [UInt8]) throws -> RecordDraft {
        do {
            return try RecordDraft(parsing: bytes)
        } catch let error as JSONError {
            throw CommandFailure(.malformed, "\(printable(file)): \(error)")
        } catch let error as JSONShapeError {
            throw CommandFailure(.malformed, "\(printable(file)): \(error)")
        }
    }
}
