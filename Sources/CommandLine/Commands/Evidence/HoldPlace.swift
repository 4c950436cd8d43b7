import ArgumentParser
import CloseoutRecords

/// Places a legal hold (docs/command-line.md, "hold").
struct HoldPlace: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "place", abstract: "Hold everything for a matter.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The name of the matter.", valueName: "name"), transform: nameArgument)
    var matter: String

    @Option(
        help: ArgumentHelp("Who keeps the evidence for it.", valueName: "text"),
        transform: textArgument)
    var custodian: String

    @Option(
        help: ArgumentHelp("Why.", valueName: "text"), transform: textArgument)
    var reason: String

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let evidence = try await options.signing.evidence(in: bundle, context)
        let placement = LegalHold.Placement(
            matter: matter, custodian: custodian, reason: reason)
        try await options.write(
            RecordOptions.Draft(body: .legalHold(.place(placement))), to: bundle, evidence,
            context)
    }
}
