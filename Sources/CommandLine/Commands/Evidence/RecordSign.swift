import ArgumentParser
import CloseoutEncodings

/// Adds a signature to a record that the bundle holds (docs/command-line.md, "record").
struct RecordSign: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a record that the bundle holds.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The record: its path or digest.")
    var record: String

    @OptionGroup var signing: RecordSigningOptions

    func execute(_ context: Context) async throws {
        let evidence = try await signing.evidence(in: bundle, context)
        let record = try evidence.record(named: Array(record.utf8))
        try await signing.sign(record, in: bundle, evidence, context)
    }
}
