import ArgumentParser
import CloseoutWorkflows

/// Accepts what the owner of a risk proposed (docs/command-line.md, "risk").
struct RiskAccept: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Sign a proposed risk acceptance as the second person.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The risk acceptance, by path or digest; needed if several are proposed.")
    var record: String?

    @OptionGroup var signing: RecordSigningOptions

    func execute(_ context: Context) async throws {
        let terms = try signing.terms(context)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.acceptRisk(named: record.map { Array($0.utf8) }, terms))
    }
}
