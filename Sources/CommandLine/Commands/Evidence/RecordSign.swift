import ArgumentParser
import CloseoutWorkflows

/// Adds a signature to a record that the bundle holds (docs/command-line.md, "record").
struct RecordSign: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a record in the bundle.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The record, by path or digest.")
    var record: String

    @OptionGroup var signing: RecordSigningOptions

    func execute(_ context: Context) async throws {
        let terms = try signing.terms(context)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.signRecord(named: Array(record.utf8), terms))
    }
}
