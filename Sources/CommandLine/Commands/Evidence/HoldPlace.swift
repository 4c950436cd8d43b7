import ArgumentParser
import CloseoutRecords
import CloseoutWorkflows

/// Places a legal hold (docs/command-line.md, "hold").
struct HoldPlace: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "place", abstract: "Place everything in the bundle on hold for a matter.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The name of the matter.", valueName: "name"), transform: nameArgument)
    var matter: String

    @Option(
        help: ArgumentHelp("Who keeps the evidence for the matter.", valueName: "text"),
        transform: textArgument)
    var custodian: String

    @Option(
        help: ArgumentHelp("The reason.", valueName: "text"), transform: textArgument)
    var reason: String

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let placement = LegalHold.Placement(
            matter: matter, custodian: custodian, reason: reason)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.placeHold(placement, terms))
    }
}
